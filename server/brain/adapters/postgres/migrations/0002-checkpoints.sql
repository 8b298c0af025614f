-- Entries are taken into checkpoints in this order, below the oldest running transaction, as events are read.
alter table missions.journal_entry
  add column seq bigserial,
  add column xid xid8 not null default pg_current_xact_id();
create index journal_order on missions.journal_entry (org_id, xid, seq);

create table missions.checkpoint (
  org_id text not null,
  n integer not null,
  at text not null,
  previous text,
  heads integer not null,
  root text not null,
  hash text not null,
  signature text not null,
  position text not null,
  primary key (org_id, n)
);

create table missions.checkpoint_head (
  org_id text not null,
  n integer not null,
  run_id text not null,
  entries integer not null,
  chain text not null,
  primary key (org_id, n, run_id)
);
