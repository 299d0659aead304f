drop index concurrently if exists users_display_name_key;

create unique index concurrently users_display_name_key on users (display_name);
