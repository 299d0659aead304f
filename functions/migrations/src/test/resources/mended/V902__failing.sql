create table half (done text);
