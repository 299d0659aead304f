-- Returns nothing; writes the authors and activities that the pictures in the README show.
with
authors as (
  insert into users (display_name, handle, email, cognito_user_id)
  values
    ('Ada Moreau', 'ada', 'ada@example.com', 'scene-1'),
    ('Tomás Rivera', 'tomas', 'tomas@example.com', 'scene-2'),
    ('Mei Tanaka', 'mei', 'mei@example.com', 'scene-3'),
    ('Noor Haddad', 'noor', 'noor@example.com', 'scene-4'),
    ('Jonas Lind', 'jonas', 'jonas@example.com', 'scene-5'),
    ('Priya Nair', 'priya', 'priya@example.com', 'scene-6')
  returning uuid, handle
)
insert into activities (uuid, user_uuid, message, created_at, expires_at)
select
  uuid_v7(now() - post.age) as uuid,
  authors.uuid as user_uuid,
  post.message as message,
  now() - post.age as created_at,
  now() - post.age + post.ttl as expires_at
from (
  values
    ('mei', 'The bakery on Linden Street has cardamom buns until noon. This is not a drill 🥐', interval '4 minutes', interval '3 hours'),
    ('tomas', 'Two spare tickets for tonight’s show at the Blue Room. First reply takes them 🎷', interval '26 minutes', interval '12 hours'),
    ('ada', 'Shipped it. One statement a request, and the database writes the JSON. I am going outside now 🌤️', interval '2 hours', interval '168 hours'),
    ('noor', 'صباح الخير! Good morning from the night train, somewhere between two seas 🌊', interval '5 hours', interval '24 hours'),
    ('jonas', 'Lost: one grey cat, answers to “Kernel”, panics easily.', interval '9 hours', interval '72 hours'),
    ('priya', 'Reading club moves to Thursday. We are on chapter nine, and nobody likes the duke.', interval '20 hours', interval '168 hours'),
    ('tomas', 'Anyone else see the green flash at sunset? 💚', interval '24 hours', interval '720 hours')
) as post (handle, message, age, ttl)
inner join authors on authors.handle = post.handle;
