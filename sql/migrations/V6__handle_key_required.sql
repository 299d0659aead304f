-- From here on the folded handle alone decides which handles are the same.

-- Reads no row: the constraint proves it.
alter table users alter column handle_key set not null;

alter table users
  drop constraint users_handle_key_present,
  add constraint users_handle_key_key unique using index users_handle_key_key;

drop index users_handle_key;
