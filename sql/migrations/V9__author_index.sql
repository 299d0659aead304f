-- For the author's limit: the newest activities of one author. Runs outside a transaction, and again after a crash: what
-- the crash left is an invalid index.

-- Waiting for older transactions to end blocks nobody.
set lock_timeout = '1min';

drop index concurrently if exists activities_author_idx;

create index concurrently activities_author_idx on activities (user_uuid, created_at);
