-- Where a document came from, who put it there and when. The activation that approved it is the mission's.
alter table missions.knowledge_version
  add column origin text not null default 'unknown: from before origins were kept',
  add column writer text not null default 'unknown',
  add column at text not null default 'unknown';
alter table missions.knowledge_version
  alter column origin drop default,
  alter column writer drop default,
  alter column at drop default;
