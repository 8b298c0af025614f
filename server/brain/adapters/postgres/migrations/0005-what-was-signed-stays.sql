-- An approval that ended because its giver may no longer approve: it was part of a commit that wrote nothing.
alter table missions.approval add column lapsed boolean not null default false;

-- A version of a mission or of a document is what an administrator signed: it is activated, and never changed or deleted.
-- This stops a mistake and an injected statement; whoever owns the tables can drop it, which the hashes then show.
create function missions.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is immutable: insert a new version', tg_table_schema, tg_table_name;
end $$;

create trigger mission_version_stays before update of org_id, name, version, grant_hash, body on missions.mission_version
  for each row execute function missions.refuse_change();
create trigger mission_version_is_kept before delete on missions.mission_version
  for each row execute function missions.refuse_change();
create trigger knowledge_version_stays before update or delete on missions.knowledge_version
  for each row execute function missions.refuse_change();
