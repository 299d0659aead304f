-- For the feed: the activities of one time to live, in the order of their keys. Runs outside a transaction, and again
-- after a crash: what the crash left is an invalid index.

-- Waiting for older transactions to end blocks nobody.
set lock_timeout = '1min';

drop index concurrently if exists activities_live_idx;

create index concurrently activities_live_idx on activities ((expires_at - created_at), uuid_send(uuid));
