-- The roles of the functions, each with the rights that its statements need and no others. Flyway runs this file after the
-- other migrations, whenever it has changed. It is one transaction, so no call meets a role between revoke and grant.
-- They have no password: on RDS they sign in by IAM, so they are members of rds_iam where that role exists.

do $$
declare
  function_role text;
  other_database text;
begin
  foreach function_role in array array['cruddur_users', 'cruddur_activities', 'cruddur_sweeper', 'cruddur_ingress', 'cruddur_feed'] loop
    if not exists (select from pg_roles where rolname = function_role) then
      execute format('create role %I login', function_role);
    end if;
    if exists (select from pg_roles where rolname = 'rds_iam') then
      execute format('grant rds_iam to %I', function_role);
    end if;
    execute format('grant connect on database %I to %I', current_database(), function_role);
  end loop;
  -- By default every role may make temporary tables; no function does.
  execute format('revoke temporary on database %I from public', current_database());
  -- By default every role may connect to the first databases of a server. Only their owner can revoke that: on RDS, the
  -- master user. Other databases are not Cruddur's, so they stay open. A second revoke is skipped: two migrations at once
  -- must not update the same row.
  for other_database in
    select datname
    from pg_database
    where datname in ('postgres', 'template1')
      and datname <> current_database()
      and pg_has_role(current_user, datdba, 'usage')
      and has_database_privilege('public', datname, 'connect')
  loop
    execute format('revoke connect, temporary on database %I from public', other_database);
  end loop;
end
$$;

-- Below the functions' own deadlines (cruddur.database.Database), so that the database reports the timeout.
alter role cruddur_users set statement_timeout = '1500ms';
alter role cruddur_users set lock_timeout = '1000ms';
alter role cruddur_users set idle_in_transaction_session_timeout = '5s';
alter role cruddur_activities set statement_timeout = '1500ms';
alter role cruddur_activities set lock_timeout = '1000ms';
alter role cruddur_activities set idle_in_transaction_session_timeout = '5s';
alter role cruddur_feed set statement_timeout = '1500ms';
alter role cruddur_feed set lock_timeout = '1000ms';
alter role cruddur_feed set idle_in_transaction_session_timeout = '5s';
-- Read-only, so that a standby or a reader of Aurora can serve the feed, too.
alter role cruddur_feed set default_transaction_read_only = on;
alter role cruddur_sweeper set statement_timeout = '1500ms';
alter role cruddur_sweeper set lock_timeout = '1000ms';
alter role cruddur_sweeper set idle_in_transaction_session_timeout = '5s';
-- One plan for all calls. It reads the same rows as a plan for one call (HomePlanTest). By default, PostgreSQL plans each
-- call again on a large table, since it does not know the limit. That takes longer than the call.
alter role cruddur_activities set plan_cache_mode = 'force_generic_plan';
alter role cruddur_feed set plan_cache_mode = 'force_generic_plan';

revoke all on all tables in schema public from cruddur_users, cruddur_activities, cruddur_sweeper, cruddur_feed;
grant usage on schema public to cruddur_users, cruddur_activities, cruddur_sweeper, cruddur_feed;

grant insert (uuid, display_name, handle, handle_key, email, cognito_user_id) on users to cruddur_users;
grant select (uuid, handle, cognito_user_id) on users to cruddur_users;

grant select (uuid, display_name, handle, cognito_user_id) on users to cruddur_activities;
grant insert (uuid, user_uuid, message, expires_at, idempotency_key) on activities to cruddur_activities;
grant select on activities to cruddur_activities;

grant select (uuid, display_name, handle) on users to cruddur_feed;
grant select (
  uuid,
  user_uuid,
  message,
  replies_count,
  reposts_count,
  likes_count,
  reply_to_activity_uuid,
  expires_at,
  created_at
) on activities to cruddur_feed;

grant select (uuid, expires_at), delete on activities to cruddur_sweeper;

-- pg_monitor can see the address of a session, and pg_signal_backend can end it: too much for a role that serves requests.
-- So a role without a sign-in has both, and owns a function that only ends the sessions from given addresses.
-- cruddur_ingress may run that function, and has no other right. The master user of RDS is not a superuser, but may grant
-- both roles. It is a member of the owning role while it creates the function.
do $$
begin
  if not exists (select from pg_roles where rolname = 'cruddur_session_ender') then
    create role cruddur_session_ender nologin;
  end if;
end
$$;

alter role cruddur_ingress set statement_timeout = '1500ms';
alter role cruddur_ingress set lock_timeout = '1000ms';
alter role cruddur_ingress set idle_in_transaction_session_timeout = '5s';

grant pg_monitor, pg_signal_backend to cruddur_session_ender;
grant cruddur_session_ender to current_user;
create schema if not exists ingress authorization cruddur_session_ender;

create or replace function ingress.end_sessions(addresses inet[])
returns table (address inet, sessions bigint)
language sql
volatile
security definer
-- A caller cannot put a schema of its own before the catalog.
set search_path = pg_catalog, pg_temp
as $$
  -- Superusers' sessions are left out: only a superuser may end them, and an attempt would fail the statement.
  with chosen as materialized (
    select
      activity.pid as pid,
      activity.client_addr as client_addr
    from pg_stat_activity as activity
    inner join pg_roles as owner on owner.oid = activity.usesysid
    where activity.client_addr = any(addresses)
      and activity.backend_type = 'client backend'
      and activity.pid <> pg_backend_pid()
      and not owner.rolsuper
  )
  select
    chosen.client_addr as address,
    count(*) filter (where pg_terminate_backend(chosen.pid)) as sessions
  from chosen
  group by chosen.client_addr
  order by chosen.client_addr
$$;

alter function ingress.end_sessions owner to cruddur_session_ender;
revoke all on schema ingress from public;
revoke all on function ingress.end_sessions from public;
grant usage on schema ingress to cruddur_ingress;
grant execute on function ingress.end_sessions to cruddur_ingress;

revoke cruddur_session_ender from current_user;
