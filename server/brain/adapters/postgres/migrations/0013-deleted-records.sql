-- Records that runs are linked to and that were deleted in Salesforce: known before the row leaves the Recycle Bin and can no longer
-- be told from one that the reader may not see.
create table missions.deleted_record (
  org_id text not null,
  record_id text not null,
  deleted_at text not null,
  primary key (org_id, record_id)
);
