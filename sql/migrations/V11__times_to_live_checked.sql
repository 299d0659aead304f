-- Checks the rows that were there before version 10. Reads and writes go on meanwhile. A row that fails was not made by
-- the API: its expires_at has to be changed by hand, or the row be deleted, and the migration be run again.

alter table activities validate constraint activities_time_to_live;
