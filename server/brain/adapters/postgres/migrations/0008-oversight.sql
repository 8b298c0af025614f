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

-- One row per call of a language model, answered or not: numbers and names, never what was asked or answered.
create table missions.model_call (
  org_id text not null,
  id text not null,
  at text not null,
  run_id text not null,
  mission text not null,
  phase text not null,
  key text not null,
  by_user text,
  asked text not null,
  answered text,
  outcome text not null,
  input_tokens integer not null,
  output_tokens integer not null,
  milliseconds integer not null,
  injection_signs integer not null,
  primary key (org_id, id)
);

-- What a run's reasoning counted of a model's answers, once per run.
create table missions.model_claims (
  org_id text not null,
  run_id text not null,
  mission text not null,
  agreed integer not null,
  disagreed integer not null,
  dropped integer not null,
  primary key (org_id, run_id)
);

create index run_by_start on missions.run (org_id, mission, started_at);
