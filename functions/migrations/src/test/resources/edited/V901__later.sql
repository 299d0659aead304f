alter table users add column later integer;
