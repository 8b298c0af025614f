create table missions.erasure (
  org_id text not null,
  id text not null,
  at text not null,
  by_kind text not null,
  by_name text not null,
  reason text not null,
  record_id text,
  primary key (org_id, id)
);

-- A run whose contents were destroyed. Its sealed columns are empty, its bodies and its key are gone.
alter table missions.run add column erasure_id text;
create index run_by_erasure on missions.run (org_id, erasure_id) where erasure_id is not null;
create index run_by_end on missions.run (org_id, updated_at) where erasure_id is null;
