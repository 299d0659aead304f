-- Lists the sessions of a database, the oldest first, for bin/db-sessions and a refused bin/db-drop: one row for each.
-- Columns that the current role may not see are null, and their query is "<insufficient privilege>".
-- :database text
select
  pid as pid,
  usename as user,
  datname as database,
  case when client_addr is null and query <> '<insufficient privilege>' then 'socket' else host(client_addr) end as client,
  application_name as application,
  state as state,
  date_trunc('second', clock_timestamp() - backend_start) as connected,
  date_trunc('second', clock_timestamp() - xact_start) as in_transaction,
  date_trunc('second', clock_timestamp() - query_start) as since_query,
  wait_event_type || ' ' || wait_event as waits_for,
  nullif(array_to_string(pg_blocking_pids(pid), ' '), '') as blocked_by,
  left(regexp_replace(query, '\s+', ' ', 'g'), 60) as query
from pg_stat_activity
where datname = cast(:database as text)
  and pid <> pg_backend_pid()
  and (backend_type = 'client backend' or query = '<insufficient privilege>')
order by
  backend_start asc,
  pid asc
limit 1000
