-- The tables as they were before there were migrations, in a form that PostgreSQL 16 has too. A database of that time
-- has these tables already and begins with version 2; it differs in the lines that are marked.

create table users (
  -- There with the default uuidv7().
  uuid uuid primary key,
  display_name text not null,
  handle text not null,
  email text not null,
  -- Text, since Cognito does not promise that a sub is a UUID.
  cognito_user_id text not null,
  created_at timestamptz not null default now(),

  constraint users_cognito_user_id_key unique (cognito_user_id),
  constraint users_display_name_length check (char_length(display_name) between 1 and 100),
  constraint users_handle_length check (char_length(handle) between 1 and 100),
  constraint users_email_length check (char_length(email) between 1 and 2048),
  constraint users_cognito_user_id_length check (char_length(cognito_user_id) between 1 and 2048)
);

-- There on casefold(handle collate pg_unicode_fast).
create unique index users_handle_key on users (lower(handle));

create table activities (
  -- There with the default uuidv7().
  uuid uuid primary key,
  user_uuid uuid not null,
  message text not null,
  replies_count integer not null default 0,
  reposts_count integer not null default 0,
  likes_count integer not null default 0,
  reply_to_activity_uuid uuid,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- The author's own key for the post, where one was sent: the same key never posts twice.
  idempotency_key text,

  constraint activities_user_uuid_fkey foreign key (user_uuid) references users,
  constraint activities_reply_to_activity_uuid_fkey foreign key (reply_to_activity_uuid)
    references activities on delete set null,
  constraint activities_message_length check (char_length(message) between 1 and 280),
  constraint activities_replies_count_positive check (replies_count >= 0),
  constraint activities_reposts_count_positive check (reposts_count >= 0),
  constraint activities_likes_count_positive check (likes_count >= 0),
  constraint activities_life check (expires_at > created_at and expires_at <= created_at + interval '720 hours'),
  constraint activities_idempotency_key_characters check (idempotency_key ~ '^[\x21-\x7e]{1,255}$'),
  constraint activities_idempotency_key_key unique (user_uuid, idempotency_key)
);

-- For the foreign key alone: without it, deleting an activity would read the whole table.
create index activities_reply_to_activity_uuid_idx on activities (reply_to_activity_uuid)
where reply_to_activity_uuid is not null;

-- For the sweep, which removes what has expired: a create pays some 5 microseconds of 300 for it, and without it each
-- batch would read the whole table.
create index activities_expires_at_idx on activities (expires_at);
