-- The org keeps the register of activations; these columns are the brain's own notes of it, to show and to trigger by. What was
-- activated before there was a register has no end here and is in none: administrators activate it again.
alter table missions.mission_version
  add column signed_first text,
  add column ends_at text,
  add column waiting text,
  add column withdrawn text;
