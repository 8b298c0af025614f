-- Changes in the org that could not be taken: how often that was tried, and when one was set aside so that those after it go on.
create table missions.change_try (
  org_id text not null,
  source text not null,
  position text not null,
  object text not null,
  change text not null,
  record_ids text not null,
  tries integer not null,
  set_aside_at text,
  primary key (org_id, source, position)
);
