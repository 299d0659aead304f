create table half (done text);

insert into half (done) values ('secret@example.com');

select cast(done as integer) from half;
