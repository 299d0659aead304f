-- Returns a page of the live activities with their authors, newest first, for HomeActivities: (activities, next).
-- next is the uuid of the page's last activity when older ones exist, else null.
-- Its work grows neither with the table nor with the number of activities that expired more than 10 seconds ago.
-- Activities younger than the shortest time to live have not expired. Older ones are read by their time to live.
-- The 10 seconds are for a uuid that is older than its row. The application makes the uuid by its own clock. The row may
-- come 6 seconds later, after two runs of 3. At the first connection of a process, that may be up to 9.7 seconds. An
-- activity whose uuid is over 10 seconds older than its row leaves the feed early, by the excess.
-- :before uuid, of the last activity already shown, or null for the newest page
-- :limit integer, activities, 1 to 100
with boundary as (
  -- The least UUIDv7 of a time: its first 12 digits are milliseconds since 1970.
  select
    cast(
      lpad(to_hex(cast(extract(epoch from now() - interval '1 hour 10 seconds') * 1000 as bigint)), 12, '0')
        || repeat('0', 20)
      as uuid
    ) as uuid
),
young as (
  select activities.uuid as uuid
  from activities
  where activities.uuid < coalesce(cast(:before as uuid), uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    and activities.uuid >= (select boundary.uuid from boundary)
    and activities.expires_at > now()
  order by activities.uuid desc
  -- One more than is shown: then there is a next page.
  limit cast(:limit as integer) + 1
),
older as (
  select found.uuid as uuid
  -- The other values of the constraint activities_time_to_live.
  from (
    values
      (interval '3 hours'),
      (interval '12 hours'),
      (interval '24 hours'),
      (interval '72 hours'),
      (interval '168 hours'),
      (interval '720 hours')
  ) as longer (time_to_live)
  cross join lateral (
    select activities.uuid as uuid
    from activities
    -- uuid_send sorts like the uuid. The planner cannot use the primary key for it; that key mixes expired and live ones.
    where activities.expires_at - activities.created_at = longer.time_to_live
      and uuid_send(activities.uuid) < uuid_send(
        least(cast(:before as uuid), (select boundary.uuid from boundary))
      )
      and uuid_send(activities.uuid) >= uuid_send(
        cast(
          lpad(
            to_hex(cast(extract(epoch from now() - longer.time_to_live - interval '10 seconds') * 1000 as bigint)),
            12,
            '0'
          ) || repeat('0', 20)
          as uuid
        )
      )
      and activities.expires_at > now()
    order by uuid_send(activities.uuid) desc
    limit cast(:limit as integer) + 1
  ) as found
  -- Not read where the young ones fill the page.
  where (select count(*) from young) <= cast(:limit as integer)
),
live as (
  select young.uuid as uuid
  from young
  union all
  select older.uuid as uuid
  from older
  order by uuid desc
  limit cast(:limit as integer) + 1
),
page as (
  select live.uuid as uuid
  from live
  order by live.uuid desc
  limit cast(:limit as integer)
)
select
  coalesce(
    json_agg(
      json_build_object(
        'uuid', activity.uuid,
        'display_name', author.display_name,
        'handle', author.handle,
        'message', activity.message,
        'replies_count', activity.replies_count,
        'reposts_count', activity.reposts_count,
        'likes_count', activity.likes_count,
        'reply_to_activity_uuid', activity.reply_to_activity_uuid,
        'expires_at', (to_json(activity.expires_at at time zone 'UTC') #>> '{}') || '+00:00',
        'created_at', (to_json(activity.created_at at time zone 'UTC') #>> '{}') || '+00:00'
      )
      order by activity.uuid desc
    ),
    '[]'
  ) as activities,
  case
    when (select count(*) from live) > cast(:limit as integer) then (
      select page.uuid
      from page
      order by page.uuid
      limit 1
    )
  end as next
from page
-- Each "offset 0" keeps the planner from joining the whole table when it does not know the limit.
cross join lateral (
  select
    activities.uuid as uuid,
    activities.user_uuid as user_uuid,
    activities.message as message,
    activities.replies_count as replies_count,
    activities.reposts_count as reposts_count,
    activities.likes_count as likes_count,
    activities.reply_to_activity_uuid as reply_to_activity_uuid,
    activities.expires_at as expires_at,
    activities.created_at as created_at
  from activities
  where activities.uuid = page.uuid
  offset 0
) as activity
cross join lateral (
  select
    users.display_name as display_name,
    users.handle as handle
  from users
  where users.uuid = activity.user_uuid
  offset 0
) as author
