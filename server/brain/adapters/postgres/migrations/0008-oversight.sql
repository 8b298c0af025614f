-- Tokens that a language model used for the run, in and out.
alter table missions.run add column tokens integer not null default 0;

-- Every time a person stopped or started something: a chain of its own, kept beside the settings that it set.
create table missions.switch_change (
  org_id text not null,
  n integer not null,
  at text not null,
  by_user text not null,
  what text not null,
  is_stop boolean not null,
  reason text not null,
  hash text not null,
  primary key (org_id, n)
);
create trigger switch_change_stays before update or delete on missions.switch_change
  for each row execute function missions.refuse_change();
