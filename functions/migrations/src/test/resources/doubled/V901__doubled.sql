alter table users add column doubled text;
