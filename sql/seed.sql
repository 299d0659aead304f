-- A few users and their activities, to look at. May be run again: existing rows stay unchanged.
-- Each cognito_user_id is the sub that the local identity service gives to that name.
-- If another user has one of the handles, that seed user and the activities are left out, with a warning.

insert into users (display_name, handle, handle_key, email, cognito_user_id)
values
  ('Andrew Brown', 'andrewbrown', 'andrewbrown', 'andrewbrown@example.com', 'ace19f81-6f65-3a7c-ab6f-1a7c7ba9a57f'),
  ('Alt Brown', 'altbrown', 'altbrown', 'altbrown@example.com', 'c41f24b4-9fb6-3306-9027-080cbc05fb37'),
  ('Andrew Bayko', 'bayko', 'bayko', 'bayko@example.com', '8b699e4d-6a58-33ad-8c1d-089c6cf307e1'),
  ('Londo Mollari', 'londo', 'londo', 'londo@example.com', '0d2336ff-bf21-3d28-ac75-5d112ebeab5e')
on conflict do nothing;

insert into activities (uuid, user_uuid, message, created_at, expires_at, idempotency_key)
select
  uuid_v7(now() - activity.age) as uuid,
  users.uuid as user_uuid,
  activity.message as message,
  now() - activity.age as created_at,
  now() - activity.age + activity.time_to_live as expires_at,
  activity.idempotency_key as idempotency_key
from (
  values
    -- londo, bayko, altbrown, londo, andrewbrown
    ('0d2336ff-bf21-3d28-ac75-5d112ebeab5e', 'There comes a time when you look into the mirror. This one has expired.', interval '3 days', interval '24 hours', 'seed-1'),
    ('8b699e4d-6a58-33ad-8c1d-089c6cf307e1', 'Cloud is the new black ☁️', interval '2 days', interval '720 hours', 'seed-2'),
    ('c41f24b4-9fb6-3306-9027-080cbc05fb37', 'I am the other Brown.', interval '20 hours', interval '72 hours', 'seed-3'),
    ('0d2336ff-bf21-3d28-ac75-5d112ebeab5e', 'Only one person in the whole galaxy reads this feed. Hello!', interval '5 hours', interval '12 hours', 'seed-4'),
    ('ace19f81-6f65-3a7c-ab6f-1a7c7ba9a57f', 'This was imported as seed data!', interval '10 minutes', interval '168 hours', 'seed-5')
) as activity (cognito_user_id, message, age, time_to_live, idempotency_key)
inner join users on users.cognito_user_id = activity.cognito_user_id
order by activity.idempotency_key
on conflict do nothing;

do $$
declare
  left_out text;
begin
  select string_agg(seed.handle, ', ' order by seed.handle)
  into left_out
  from (
    values
      ('andrewbrown', 'ace19f81-6f65-3a7c-ab6f-1a7c7ba9a57f'),
      ('altbrown', 'c41f24b4-9fb6-3306-9027-080cbc05fb37'),
      ('bayko', '8b699e4d-6a58-33ad-8c1d-089c6cf307e1'),
      ('londo', '0d2336ff-bf21-3d28-ac75-5d112ebeab5e')
  ) as seed (handle, cognito_user_id)
  where not exists (select from users where users.cognito_user_id = seed.cognito_user_id);
  if left_out is not null then
    raise warning 'other users have these handles, so their seed users and activities were left out: %', left_out;
  end if;
end
$$;
