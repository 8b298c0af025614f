-- Each change of the language model's name, endpoint or instructions: a chain, appended to when a process starts with another one.
create table missions.model_release (
  org_id text not null,
  n integer not null,
  at text not null,
  by_user text not null,
  model text not null,
  endpoint text not null,
  prompts text not null,
  hash text not null,
  primary key (org_id, n)
);
create trigger model_release_stays before update or delete on missions.model_release
  for each row execute function missions.refuse_change();

-- The release under which a model was asked; null in rows from before there were any.
alter table missions.model_call add column release integer;
