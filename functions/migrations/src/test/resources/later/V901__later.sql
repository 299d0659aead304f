alter table users add column later text;
