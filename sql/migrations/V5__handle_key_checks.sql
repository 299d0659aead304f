-- Checks the rows that version 4 has given their folded handle. Reads and writes go on meanwhile.

alter table users
  validate constraint users_handle_key_present,
  validate constraint users_handle_key_length;
