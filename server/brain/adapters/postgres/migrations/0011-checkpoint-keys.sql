-- The key that signed a checkpoint, as the SHA-256 of its public half: a key can be replaced. Earlier checkpoints name none.
alter table missions.checkpoint add column key text;
