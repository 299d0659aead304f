set lock_timeout = '1min';

drop index concurrently if exists activities_edited_at_idx;

create index concurrently activities_edited_at_idx on activities (edited_at);
