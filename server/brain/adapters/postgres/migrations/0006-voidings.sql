-- Decisions of which a version may no longer be written although approvals of it exist: the org is still to be marked.
create table missions.voiding (
  org_id text not null,
  decision_id text not null,
  due_at timestamptz not null,
  primary key (org_id, decision_id)
);
