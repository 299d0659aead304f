-- Creates an activity and returns it with its author, for CreateActivity: (activity, outcome, retry_after).
-- The outcome is created, replayed (the key was used for the same activity), reused (the key was used for another one),
-- too_frequent (the author is at the limit; try again after retry_after seconds), pending (another transaction committed
-- the key or uuid during the statement; run again) or user_not_found. The activity is null for the last four.
-- A repeat finds the activity that it created, even if the author has reached the limit meanwhile.
-- :window integer, seconds
-- :posts integer, activities that an author may create in a window; statements at the same time do not see each other
-- :cognito_user_id text, the author's sub
-- :uuid uuid, key of the new activity; running again with the same one creates nothing new
-- :message text, 1 to 280 code points
-- :time_to_live integer, seconds
-- :idempotency_key text, 1 to 255 visible ASCII characters, or null
with author as (
  select
    users.uuid as uuid,
    users.display_name as display_name,
    users.handle as handle,
    -- Creation time of the author's :posts-th newest activity, if it is in the window; else null.
    (
      select activities.created_at
      from activities
      where activities.user_uuid = users.uuid
        and activities.created_at > now() - make_interval(secs => cast(:window as integer))
      order by activities.created_at desc
      limit 1
      offset cast(:posts as integer) - 1
    ) as limited_since
  from users
  where users.cognito_user_id = cast(:cognito_user_id as text)
),
created as (
  insert into activities (uuid, user_uuid, message, expires_at, idempotency_key)
  select
    cast(:uuid as uuid) as uuid,
    author.uuid as user_uuid,
    cast(:message as text) as message,
    now() + make_interval(secs => cast(:time_to_live as integer)) as expires_at,
    cast(:idempotency_key as text) as idempotency_key
  from author
  where author.limited_since is null
  on conflict do nothing
  returning uuid, message, created_at, expires_at
),
found as (
  select
    'created' as outcome,
    created.uuid as uuid,
    created.message as message,
    created.created_at as created_at,
    created.expires_at as expires_at
  from created
  union all
  select
    'created' as outcome,
    activities.uuid as uuid,
    activities.message as message,
    activities.created_at as created_at,
    activities.expires_at as expires_at
  from activities
  where not exists (select from created)
    and activities.uuid = cast(:uuid as uuid)
  union all
  select
    case
      when activities.message = cast(:message as text)
        and activities.expires_at - activities.created_at = make_interval(secs => cast(:time_to_live as integer)) then 'replayed'
      else 'reused'
    end as outcome,
    activities.uuid as uuid,
    activities.message as message,
    activities.created_at as created_at,
    activities.expires_at as expires_at
  from author
  inner join activities
    on activities.user_uuid = author.uuid
    and activities.idempotency_key = cast(:idempotency_key as text)
  where not exists (select from created)
)
select
  case
    when found.outcome in ('created', 'replayed') then json_build_object(
      'uuid', found.uuid,
      'display_name', author.display_name,
      'handle', author.handle,
      'message', found.message,
      'created_at', (to_json(found.created_at at time zone 'UTC') #>> '{}') || '+00:00',
      'expires_at', (to_json(found.expires_at at time zone 'UTC') #>> '{}') || '+00:00'
    )
  end as activity,
  case
    when author.uuid is null then 'user_not_found'
    when found.uuid is not null then found.outcome
    when author.limited_since is not null then 'too_frequent'
    else 'pending'
  end as outcome,
  cast(ceil(extract(epoch from author.limited_since - now())) as integer) + cast(:window as integer) as retry_after
from (values (1)) as one
left join author on true
left join found on true
-- A repeat finds its row as created and as replayed; created sorts first.
order by found.outcome
limit 1
