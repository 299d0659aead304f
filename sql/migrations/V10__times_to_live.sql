-- The feed looks for activities by their time to live (sql/activities/home.sql), so that no other one may be stored.

alter table activities
  -- Not valid: new rows alone are checked, so no row is read under this lock. Version 11 checks the others.
  add constraint activities_time_to_live check (
    expires_at - created_at in (
      interval '1 hour',
      interval '3 hours',
      interval '12 hours',
      interval '24 hours',
      interval '72 hours',
      interval '168 hours',
      interval '720 hours'
    )
  ) not valid;
