-- Removes the activities that expired first, and returns their number and how late the first one is, for
-- SweepActivities:
-- (removed, overdue); overdue is in seconds, null when there was nothing to remove.
-- The author's key is removed with the activity; after that, a repeat posts again. The shortest time to live is an hour.
-- Only expired rows are locked, and live replies to them, whose reply_to_activity_uuid becomes null. Of two sweeps at once,
-- one waits for the other.
-- :limit integer, activities, 1 to 1000
with removed as (
  delete from activities
  -- An array, since the planner joins the whole table when it does not know the limit.
  where activities.uuid = any (
    array(
      select due.uuid
      from activities as due
      where due.expires_at <= now()
      order by
        due.expires_at,
        due.uuid
      limit cast(:limit as integer)
    )
  )
  returning activities.expires_at as expires_at
)
select
  count(*) as removed,
  cast(extract(epoch from now() - min(removed.expires_at)) as bigint) as overdue
from removed
