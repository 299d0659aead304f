-- A user's key and folded handle come from the application (cruddur.database.UuidV7 and Folding), since only
-- PostgreSQL 18 can make them. The folded handle gets a column.
--
-- The code before this one inserts users without a uuid and without handle_key, while the deployment goes on and after
-- it was rolled back. A default makes the uuid. A trigger makes the handle_key, until a later migration removes it and
-- folds again: it folds 66 letters in another way than the application, which are ß, İ and Greek ones with a iota below.

-- A UUIDv7, for rows that the application does not make: milliseconds since 1970, the version and 4096ths of a
-- millisecond, random digits with the variant among them.
create function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql
volatile
return cast(
  lpad(to_hex(cast(floor(extract(epoch from at) * 1000) as bigint)), 12, '0')
    || to_hex(28672 + cast(floor(mod(extract(epoch from at) * 1000, 1) * 4096) as integer))
    || substr(replace(cast(gen_random_uuid() as text), '-', ''), 17)
  as uuid
);

alter table users
  add column handle_key text,
  -- Not valid: new rows alone are checked, so no row is read under this lock. Version 5 checks the others.
  add constraint users_handle_key_present check (handle_key is not null) not valid,
  add constraint users_handle_key_length check (char_length(handle_key) between 1 and 2000) not valid,
  alter column uuid set default uuid_v7();

alter table activities alter column uuid set default uuid_v7();

create function fill_handle_key() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.handle_key := lower(upper(normalize(new.handle, nfkc)));
  return new;
end
$$;

create trigger users_handle_key_fill
before insert on users
for each row
when (new.handle_key is null)
execute function fill_handle_key();
