-- A list by risk or mission reads what it shows, however many other decisions stand between. Rows from before have no risk here:
-- a list by risk does not find them.
alter table missions.decision add column risk text;
create index decision_by_risk on missions.decision (org_id, status, risk, id);
create index decision_by_mission on missions.decision (org_id, mission, id);
