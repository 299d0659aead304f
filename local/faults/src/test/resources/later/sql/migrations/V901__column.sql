-- A column more, as a new feature brings it.
alter table activities add column edited_at timestamptz;
