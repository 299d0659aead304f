-- No two users have the same folded handle. Runs outside a transaction, and again after a crash: what the crash left is
-- an invalid index.

-- Waiting for older transactions to end blocks nobody.
set lock_timeout = '1min';

drop index concurrently if exists users_handle_key_key;

create unique index concurrently users_handle_key_key on users (handle_key);
