-- Returns a page of the live activities with their authors, newest first, for HomeActivities: (activities, next).
-- next is the uuid of the page's last activity when older ones exist, else null.
-- Reads the primary key backwards and stops, at the latest with the keys of 721 hours ago, since no activity lives for
-- longer than 720: its work does not grow with the table.
-- :before uuid, of the last activity already shown, or null for the newest page
-- :limit integer, activities, 1 to 100
with live as (
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
  where activities.uuid < coalesce(cast(:before as uuid), uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    -- The least UUIDv7 of that time: its first 12 digits are milliseconds since 1970.
    and activities.uuid > cast(
      lpad(to_hex(cast(extract(epoch from now() - interval '721 hours') * 1000 as bigint)), 12, '0') || repeat('0', 20)
      as uuid
    )
    and activities.expires_at > now()
  order by activities.uuid desc
  -- One more than is shown tells whether there is a next page.
  limit cast(:limit as integer) + 1
),
page as (
  select
    live.uuid as uuid,
    live.user_uuid as user_uuid,
    live.message as message,
    live.replies_count as replies_count,
    live.reposts_count as reposts_count,
    live.likes_count as likes_count,
    live.reply_to_activity_uuid as reply_to_activity_uuid,
    live.expires_at as expires_at,
    live.created_at as created_at
  from live
  order by live.uuid desc
  limit cast(:limit as integer)
)
select
  coalesce(
    json_agg(
      json_build_object(
        'uuid', page.uuid,
        'display_name', author.display_name,
        'handle', author.handle,
        'message', page.message,
        'replies_count', page.replies_count,
        'reposts_count', page.reposts_count,
        'likes_count', page.likes_count,
        'reply_to_activity_uuid', page.reply_to_activity_uuid,
        'expires_at', (to_json(page.expires_at at time zone 'UTC') #>> '{}') || '+00:00',
        'created_at', (to_json(page.created_at at time zone 'UTC') #>> '{}') || '+00:00'
      )
      order by page.uuid desc
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
cross join lateral (
  select
    users.display_name as display_name,
    users.handle as handle
  from users
  where users.uuid = page.user_uuid
  -- Keeps the planner from joining the whole table of users when it does not know the limit.
  offset 0
) as author
