-- The inputs of missions, counted by day: how many runs had which value of a dimension. No run and no record is named.
create table missions.input_count (
  org_id text not null,
  mission text not null,
  day text not null,
  dimension text not null,
  value text not null,
  runs integer not null,
  primary key (org_id, mission, day, dimension, value)
);

-- Changes made on purpose that may shift the mix: an activation, a release, another model in the settings.
create table missions.mark (
  n bigserial not null,
  org_id text not null,
  at text not null,
  kind text not null,
  mission text,
  what text not null,
  primary key (org_id, n)
);
