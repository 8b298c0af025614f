create table missions.run_key (
  org_id text not null,
  run_id text not null,
  wrapped text not null,
  primary key (org_id, run_id)
);

create table missions.run (
  org_id text not null,
  id text not null,
  mission text not null,
  mission_version integer not null,
  title text not null,
  status text not null,
  phase text not null,
  subject_id text,
  verdict text,
  decision_id text,
  next_try_at text,
  tries integer not null default 0,
  api_calls integer not null default 0,
  retrigger boolean not null default false,
  started_at text not null,
  updated_at text not null,
  sealed text not null,
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  primary key (org_id, id)
);
create unique index run_open_about on missions.run (org_id, mission, subject_id)
  where status in ('running', 'waiting', 'held', 'paused');
create index run_by_status on missions.run (org_id, status, id);
create index run_by_mission on missions.run (org_id, mission, id);

create table missions.run_trigger (
  org_id text not null,
  idempotency_key text not null,
  run_id text not null,
  primary key (org_id, idempotency_key)
);

create table missions.run_record (
  org_id text not null,
  record_id text not null,
  run_id text not null,
  object text not null,
  primary key (org_id, record_id, run_id)
);

create table missions.body (
  org_id text not null,
  run_id text not null,
  hash text not null,
  sealed text not null,
  primary key (org_id, run_id, hash)
);

create table missions.journal_entry (
  org_id text not null,
  run_id text not null,
  n integer not null,
  phase text not null,
  key text not null,
  request_hash text not null,
  answer_hash text not null,
  chain text not null,
  at text not null,
  primary key (org_id, run_id, n),
  unique (org_id, run_id, phase, key)
);

-- Readers order by (xid, seq) and take only rows below the oldest running transaction: a sequence alone is not commit order.
create table missions.event (
  seq bigserial primary key,
  xid xid8 not null default pg_current_xact_id(),
  org_id text not null,
  kind text not null,
  id text not null,
  run_id text not null,
  decision_id text,
  phase text,
  key text,
  n integer,
  at text not null,
  sealed text
);
create index event_order on missions.event (org_id, xid, seq);
create index event_of_run on missions.event (org_id, run_id, xid, seq) where kind = 'observation';
create unique index event_once on missions.event (org_id, run_id, phase, key, n) where kind = 'observation';

create table missions.decision (
  org_id text not null,
  id text not null,
  run_id text not null,
  mission text not null,
  status text not null,
  version integer not null,
  created_at text not null,
  expires_at text not null,
  commits_at text,
  sealed text not null,
  primary key (org_id, id)
);
create index decision_by_status on missions.decision (org_id, status, id);
create index decision_by_run on missions.decision (org_id, run_id);

create table missions.change_set_version (
  org_id text not null,
  decision_id text not null,
  version integer not null,
  run_id text not null,
  digest text not null,
  body_hash text not null,
  created_at text not null,
  primary key (org_id, decision_id, version)
);

create table missions.approval (
  n bigserial primary key,
  org_id text not null,
  decision_id text not null,
  version integer not null,
  run_id text not null,
  user_id text not null,
  verb text not null,
  voided boolean not null default false,
  sealed text not null
);
create index approval_of_decision on missions.approval (org_id, decision_id);
create unique index approval_once on missions.approval (org_id, decision_id, version, user_id)
  where not voided and verb <> 'take-back';

create table missions.mission_version (
  org_id text not null,
  name text not null,
  version integer not null,
  grant_hash text not null,
  body text not null,
  activation text,
  activated_by text,
  activated_at text,
  primary key (org_id, name, version)
);

create table missions.knowledge_version (
  org_id text not null,
  name text not null,
  version integer not null,
  title text not null,
  source text not null,
  primary key (org_id, name, version)
);

create table missions.outbox (
  id bigserial primary key,
  org_id text not null,
  kind text not null,
  about text not null,
  due_at timestamptz not null
);
create index outbox_due on missions.outbox (org_id, due_at);

create table missions.setting (
  org_id text not null,
  key text not null,
  value text not null,
  primary key (org_id, key)
);
