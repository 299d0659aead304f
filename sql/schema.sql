-- The tables of Cruddur as the migrations of sql/migrations make them, to read in one place. A test compares the two.
-- Keys are UUIDv7, which sort by their creation time; the application makes them.

-- A UUIDv7, for rows that the application does not make: milliseconds since 1970, the version and 4096ths of a
-- millisecond, random digits with the variant among them.
create function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql
volatile
return cast(
  lpad(to_hex(cast(floor(extract(epoch from at) * 1000) as bigint)), 12, '0')
    || to_hex(28672 + cast(floor(mod(extract(epoch from at) * 1000, 1) * 4096) as integer))
    || substr(replace(cast(gen_random_uuid() as text), '-', ''), 17)
  as uuid
);

create table users (
  uuid uuid primary key default uuid_v7(),
  display_name text not null,
  handle text not null,
  email text not null,
  -- Text, since Cognito does not promise that a sub is a UUID.
  cognito_user_id text not null,
  created_at timestamptz not null default now(),
  -- The folded handle, from cruddur.database.Folding: two handles with the same one are the same handle.
  handle_key text not null,

  constraint users_cognito_user_id_key unique (cognito_user_id),
  constraint users_handle_key_key unique (handle_key),
  constraint users_display_name_length check (char_length(display_name) between 1 and 100),
  constraint users_handle_length check (char_length(handle) between 1 and 100),
  constraint users_handle_key_length check (char_length(handle_key) between 1 and 2000),
  constraint users_email_length check (char_length(email) between 1 and 2048),
  constraint users_cognito_user_id_length check (char_length(cognito_user_id) between 1 and 2048)
);

-- For the code before version 2, which inserts no handle_key.
create function fill_handle_key() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.handle_key := lower(upper(normalize(new.handle, nfkc)));
  return new;
end
$$;

create trigger users_handle_key_fill
before insert on users
for each row
when (new.handle_key is null)
execute function fill_handle_key();

create table activities (
  uuid uuid primary key default uuid_v7(),
  user_uuid uuid not null,
  message text not null,
  replies_count integer not null default 0,
  reposts_count integer not null default 0,
  likes_count integer not null default 0,
  reply_to_activity_uuid uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- The author's key for the post, if one was sent: it posts once, until the row is removed.
  idempotency_key text,

  constraint activities_user_uuid_fkey foreign key (user_uuid) references users,
  constraint activities_reply_to_activity_uuid_fkey foreign key (reply_to_activity_uuid)
    references activities on delete set null,
  constraint activities_message_length check (char_length(message) between 1 and 280),
  constraint activities_replies_count_positive check (replies_count >= 0),
  constraint activities_reposts_count_positive check (reposts_count >= 0),
  constraint activities_likes_count_positive check (likes_count >= 0),
  constraint activities_life check (expires_at > created_at and expires_at <= created_at + interval '720 hours'),
  -- The feed looks for activities by their time to live.
  constraint activities_time_to_live check (
    expires_at - created_at in (
      interval '1 hour',
      interval '3 hours',
      interval '12 hours',
      interval '24 hours',
      interval '72 hours',
      interval '168 hours',
      interval '720 hours'
    )
  ),
  constraint activities_idempotency_key_characters check (idempotency_key ~ '^[\x21-\x7e]{1,255}$'),
  constraint activities_idempotency_key_key unique (user_uuid, idempotency_key)
)
-- Each activity is deleted in the end: vacuum begins at a hundredth of the table, not at a fifth.
with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);

-- For the foreign key alone: without it, deleting an activity would read the whole table.
create index activities_reply_to_activity_uuid_idx on activities (reply_to_activity_uuid)
where reply_to_activity_uuid is not null;

-- For the sweep: without this index, each batch would read the whole table.
create index activities_expires_at_idx on activities (expires_at);

-- For the feed: the activities of one time to live, in the order of their keys. uuid_send sorts like the uuid, and keeps
-- the planner from the primary key.
create index activities_live_idx on activities ((expires_at - created_at), uuid_send(uuid));

-- For the author's limit: the newest activities of one author.
create index activities_author_idx on activities (user_uuid, created_at);
