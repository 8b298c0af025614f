-- What a run that holds waits for: runs that wait for the same share one rate of tries, and wake each other.
alter table missions.run add column held_for text;
create index run_held_for on missions.run (org_id, held_for) where status = 'held';
