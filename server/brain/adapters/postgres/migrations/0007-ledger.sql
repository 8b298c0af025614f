-- The ledger of a run: a hash chain over the states of its rows. A transaction adds one entry for each run it changed, with the
-- state of every row it wrote, so that the audit can name a row that was changed, deleted or inserted by other hands.
create table missions.ledger_entry (
  org_id text not null,
  run_id text not null,
  n integer not null,
  at text not null,
  states text not null,
  chain text not null,
  -- One order with the journal, for checkpoints.
  seq bigint not null default nextval('missions.journal_entry_seq_seq'),
  xid xid8 not null default pg_current_xact_id(),
  primary key (org_id, run_id, n)
);
create index ledger_order on missions.ledger_entry (org_id, xid, seq);

-- The last link of each ledger: its row lock orders the transactions that add to it.
create table missions.ledger_head (
  org_id text not null,
  run_id text not null,
  n integer not null,
  chain text not null,
  primary key (org_id, run_id)
);

-- Runs from before the ledger have rows without a state.
alter table missions.run add column has_ledger boolean not null default false;
alter table missions.run alter column has_ledger set default true;

-- A checkpoint signs the heads of both chains.
alter table missions.checkpoint_head add column kind text not null default 'journal';
alter table missions.checkpoint_head drop constraint checkpoint_head_pkey;
alter table missions.checkpoint_head add primary key (org_id, n, run_id, kind);
