-- The cost of language models, in millionths of the currency: by the prices in the settings when they answered.
alter table missions.run add column cost_micros bigint not null default 0;
alter table missions.run add column currency text;
alter table missions.model_call add column cost_micros bigint not null default 0;
alter table missions.model_call add column currency text;
-- The permission by which the launcher started the run; null for an event.
alter table missions.model_call add column role text;
create index model_call_by_time on missions.model_call (org_id, at);
