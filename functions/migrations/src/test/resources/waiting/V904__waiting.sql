alter table users add column waited text;
