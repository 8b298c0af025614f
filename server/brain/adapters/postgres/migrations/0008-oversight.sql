-- Tokens that a language model used for the run, in and out.
alter table missions.run add column tokens integer not null default 0;
