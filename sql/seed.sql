-- A few people and their cruds, to look at. May be run again: what is there already stays as it is.
-- The cognito_user_id of each is the sub that the local identity service gives to that name.

insert into users (display_name, handle, email, cognito_user_id)
values
  ('Andrew Brown', 'andrewbrown', 'andrewbrown@example.com', 'd2c72bf3-7f06-3a7f-8f79-1b8e7b2e0a01'),
  ('Alt Brown', 'altbrown', 'altbrown@example.com', 'd2c72bf3-7f06-3a7f-8f79-1b8e7b2e0a02'),
  ('Andrew Bayko', 'bayko', 'bayko@example.com', 'd2c72bf3-7f06-3a7f-8f79-1b8e7b2e0a03'),
  ('Londo Mollari', 'londo', 'londo@example.com', 'd2c72bf3-7f06-3a7f-8f79-1b8e7b2e0a04')
on conflict do nothing;

insert into activities (uuid, user_uuid, message, created_at, expires_at, idempotency_key)
select
  uuidv7(-crud.age) as uuid,
  users.uuid as user_uuid,
  crud.message as message,
  now() - crud.age as created_at,
  now() - crud.age + crud.life as expires_at,
  crud.idempotency_key as idempotency_key
from (
  values
    ('londo', 'There comes a time when you look into the mirror. This one has expired.', interval '3 days', interval '1 day', 'seed-1'),
    ('bayko', 'Cloud is the new black ☁️', interval '2 days', interval '30 days', 'seed-2'),
    ('altbrown', 'I am the other Brown.', interval '20 hours', interval '3 days', 'seed-3'),
    ('londo', 'Only one person in the whole galaxy reads this feed. Hello!', interval '5 hours', interval '12 hours', 'seed-4'),
    ('andrewbrown', 'This was imported as seed data!', interval '10 minutes', interval '7 days', 'seed-5')
) as crud (handle, message, age, life, idempotency_key)
inner join users on users.handle = crud.handle
order by crud.idempotency_key
on conflict do nothing;
