-- The roles of the functions, each with the rights that its statements need and no others. May be run again at any time.
-- They have no password: on RDS they sign in by IAM, so they are members of rds_iam where that role exists.

do $$
declare
  function_role text;
begin
  execute format('revoke all on database %I from public', current_database());
  foreach function_role in array array['cruddur_users', 'cruddur_activities'] loop
    if not exists (select from pg_roles where rolname = function_role) then
      execute format('create role %I login', function_role);
    end if;
    if exists (select from pg_roles where rolname = 'rds_iam') then
      execute format('grant rds_iam to %I', function_role);
    end if;
    execute format('grant connect on database %I to %I', current_database(), function_role);
  end loop;
end
$$;

-- Below the functions' own timeouts, so that the database gives up first and says so.
alter role cruddur_users set statement_timeout = '2s';
alter role cruddur_users set lock_timeout = '1s';
alter role cruddur_users set idle_in_transaction_session_timeout = '5s';
alter role cruddur_activities set statement_timeout = '4s';
alter role cruddur_activities set lock_timeout = '2s';
alter role cruddur_activities set idle_in_transaction_session_timeout = '5s';

revoke all on all tables in schema public from cruddur_users, cruddur_activities;
grant usage on schema public to cruddur_users, cruddur_activities;

grant insert (display_name, handle, email, cognito_user_id) on users to cruddur_users;
grant select (uuid, handle, cognito_user_id) on users to cruddur_users;

grant select (uuid, display_name, handle, cognito_user_id) on users to cruddur_activities;
grant insert (uuid, user_uuid, message, expires_at, idempotency_key) on activities to cruddur_activities;
grant select on activities to cruddur_activities;
