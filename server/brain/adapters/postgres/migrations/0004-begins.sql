-- How often a run was leased since it was last given back or its journal grew, and how many entries the journal had then.
alter table missions.run
  add column begins integer not null default 0,
  add column begun_at_entry integer not null default 0;
