-- Ends the sessions from some client addresses, for SecurityGroupUpdater: (sessions_ended), such as {"8.8.4.4": 2} for each
-- address that had any. A superuser's sessions stay. May be run again; a session that is still ending is counted again.
-- :addresses text, IPv4 or IPv6, separated by commas
select
  coalesce(
    json_object_agg(
      host(ended.address),
      ended.sessions
      order by ended.address
    ),
    '{}'
  ) as sessions_ended
from ingress.end_sessions(cast(string_to_array(cast(:addresses as text), ',') as inet[])) as ended
