import { bigint, bigserial, boolean, customType, integer, pgSchema, text, timestamp } from 'drizzle-orm/pg-core'

/** A transaction id; compared by the database, carried as decimal text. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

const missions = pgSchema('missions')
const orgId = () => text('org_id').notNull()

// The tables for drizzle; `migrations/` creates them. Text that is hashed or replayed is canonical JSON, never jsonb.
export const runKey = missions.table('run_key', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  wrapped: text('wrapped').notNull(),
})

export const run = missions.table('run', {
  orgId: orgId(),
  id: text('id').notNull(),
  mission: text('mission').notNull(),
  missionVersion: integer('mission_version').notNull(),
  title: text('title').notNull(),
  status: text('status').notNull(),
  phase: text('phase').notNull(),
  subjectId: text('subject_id'),
  verdict: text('verdict'),
  decisionId: text('decision_id'),
  nextTryAt: text('next_try_at'),
  tries: integer('tries').notNull(),
  heldFor: text('held_for'),
  apiCalls: integer('api_calls').notNull(),
  tokens: integer('tokens').notNull().default(0),
  costMicros: bigint('cost_micros', { mode: 'number' }).notNull().default(0),
  currency: text('currency'),
  retrigger: boolean('retrigger').notNull(),
  startedAt: text('started_at').notNull(),
  updatedAt: text('updated_at').notNull(),
  /** Empty once erased. */
  sealed: text('sealed').notNull(),
  erasureId: text('erasure_id'),
  leaseOwner: text('lease_owner'),
  leaseUntil: timestamp('lease_until', { withTimezone: true, mode: 'string' }),
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  begins: integer('begins').notNull().default(0),
  begunAtEntry: integer('begun_at_entry').notNull().default(0),
  /** False for a run from before the ledger. */
  hasLedger: boolean('has_ledger').notNull().default(true),
})

export const runTrigger = missions.table('run_trigger', {
  orgId: orgId(),
  idempotencyKey: text('idempotency_key').notNull(),
  runId: text('run_id').notNull(),
})

export const runRecord = missions.table('run_record', {
  orgId: orgId(),
  recordId: text('record_id').notNull(),
  runId: text('run_id').notNull(),
  object: text('object').notNull(),
})

export const body = missions.table('body', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  hash: text('hash').notNull(),
  sealed: text('sealed').notNull(),
})

export const journalEntry = missions.table('journal_entry', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  n: integer('n').notNull(),
  phase: text('phase').notNull(),
  key: text('key').notNull(),
  requestHash: text('request_hash').notNull(),
  answerHash: text('answer_hash').notNull(),
  chain: text('chain').notNull(),
  at: text('at').notNull(),
  seq: bigserial('seq', { mode: 'bigint' }),
  xid: xid8('xid'),
})

export const ledgerEntry = missions.table('ledger_entry', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  n: integer('n').notNull(),
  at: text('at').notNull(),
  /** Canonical JSON: of each row its name, its columns and a salt. */
  states: text('states').notNull(),
  chain: text('chain').notNull(),
  seq: bigint('seq', { mode: 'bigint' }).notNull(),
  xid: xid8('xid').notNull(),
})

export const ledgerHead = missions.table('ledger_head', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  n: integer('n').notNull(),
  chain: text('chain').notNull(),
})

export const checkpoint = missions.table('checkpoint', {
  orgId: orgId(),
  n: integer('n').notNull(),
  at: text('at').notNull(),
  previous: text('previous'),
  heads: integer('heads').notNull(),
  root: text('root').notNull(),
  hash: text('hash').notNull(),
  signature: text('signature').notNull(),
  position: text('position').notNull(),
  key: text('key'),
})

export const checkpointHead = missions.table('checkpoint_head', {
  orgId: orgId(),
  n: integer('n').notNull(),
  runId: text('run_id').notNull(),
  kind: text('kind').$type<'journal' | 'ledger'>().notNull(),
  entries: integer('entries').notNull(),
  chain: text('chain').notNull(),
})

export const event = missions.table('event', {
  seq: bigserial('seq', { mode: 'bigint' }),
  xid: xid8('xid'),
  orgId: orgId(),
  kind: text('kind').notNull(),
  id: text('id').notNull(),
  runId: text('run_id').notNull(),
  decisionId: text('decision_id'),
  phase: text('phase'),
  key: text('key'),
  n: integer('n'),
  at: text('at').notNull(),
  sealed: text('sealed'),
})

export const decision = missions.table('decision', {
  orgId: orgId(),
  id: text('id').notNull(),
  runId: text('run_id').notNull(),
  mission: text('mission').notNull(),
  status: text('status').notNull(),
  version: integer('version').notNull(),
  createdAt: text('created_at').notNull(),
  expiresAt: text('expires_at').notNull(),
  commitsAt: text('commits_at'),
  risk: text('risk'),
  sealed: text('sealed').notNull(),
})

export const changeSetVersion = missions.table('change_set_version', {
  orgId: orgId(),
  decisionId: text('decision_id').notNull(),
  version: integer('version').notNull(),
  runId: text('run_id').notNull(),
  digest: text('digest').notNull(),
  bodyHash: text('body_hash').notNull(),
  createdAt: text('created_at').notNull(),
})

export const approval = missions.table('approval', {
  n: bigserial('n', { mode: 'number' }),
  orgId: orgId(),
  decisionId: text('decision_id').notNull(),
  version: integer('version').notNull(),
  runId: text('run_id').notNull(),
  userId: text('user_id').notNull(),
  verb: text('verb').notNull(),
  voided: boolean('voided').notNull(),
  lapsed: boolean('lapsed').notNull().default(false),
  sealed: text('sealed').notNull(),
})

export const erasure = missions.table('erasure', {
  orgId: orgId(),
  id: text('id').notNull(),
  at: text('at').notNull(),
  byKind: text('by_kind').notNull(),
  byName: text('by_name').notNull(),
  reason: text('reason').notNull(),
  recordId: text('record_id'),
})

export const missionVersion = missions.table('mission_version', {
  orgId: orgId(),
  name: text('name').notNull(),
  version: integer('version').notNull(),
  grantHash: text('grant_hash').notNull(),
  body: text('body').notNull(),
  activation: text('activation'),
  activatedBy: text('activated_by'),
  activatedAt: text('activated_at'),
  signedFirst: text('signed_first'),
  endsAt: text('ends_at'),
  waiting: text('waiting'),
  withdrawn: text('withdrawn'),
})

export const knowledgeVersion = missions.table('knowledge_version', {
  orgId: orgId(),
  name: text('name').notNull(),
  version: integer('version').notNull(),
  title: text('title').notNull(),
  source: text('source').notNull(),
  origin: text('origin').notNull(),
  writer: text('writer').notNull(),
  at: text('at').notNull(),
})

export const outbox = missions.table('outbox', {
  id: bigserial('id', { mode: 'bigint' }),
  orgId: orgId(),
  kind: text('kind').notNull(),
  about: text('about').notNull(),
  dueAt: timestamp('due_at', { withTimezone: true, mode: 'string' }).notNull(),
})

export const switchChange = missions.table('switch_change', {
  orgId: orgId(),
  n: integer('n').notNull(),
  at: text('at').notNull(),
  by: text('by_user').notNull(),
  what: text('what').notNull(),
  isStop: boolean('is_stop').notNull(),
  reason: text('reason').notNull(),
  hash: text('hash').notNull(),
})

export const voiding = missions.table('voiding', {
  orgId: orgId(),
  decisionId: text('decision_id').notNull(),
  dueAt: timestamp('due_at', { withTimezone: true, mode: 'string' }).notNull(),
})

export const modelCall = missions.table('model_call', {
  orgId: orgId(),
  id: text('id').notNull(),
  at: text('at').notNull(),
  runId: text('run_id').notNull(),
  mission: text('mission').notNull(),
  phase: text('phase').notNull(),
  key: text('key').notNull(),
  by: text('by_user'),
  asked: text('asked').notNull(),
  answered: text('answered'),
  outcome: text('outcome').notNull(),
  inputTokens: integer('input_tokens').notNull(),
  outputTokens: integer('output_tokens').notNull(),
  milliseconds: integer('milliseconds').notNull(),
  injectionSigns: integer('injection_signs').notNull(),
  costMicros: bigint('cost_micros', { mode: 'number' }).notNull().default(0),
  currency: text('currency'),
  role: text('role'),
  release: integer('release'),
})

export const modelRelease = missions.table('model_release', {
  orgId: orgId(),
  n: integer('n').notNull(),
  at: text('at').notNull(),
  by: text('by_user').notNull(),
  model: text('model').notNull(),
  endpoint: text('endpoint').notNull(),
  prompts: text('prompts').notNull(),
  hash: text('hash').notNull(),
})

export const modelClaims = missions.table('model_claims', {
  orgId: orgId(),
  runId: text('run_id').notNull(),
  mission: text('mission').notNull(),
  agreed: integer('agreed').notNull(),
  disagreed: integer('disagreed').notNull(),
  dropped: integer('dropped').notNull(),
})

export const inputCount = missions.table('input_count', {
  orgId: orgId(),
  mission: text('mission').notNull(),
  day: text('day').notNull(),
  dimension: text('dimension').notNull(),
  value: text('value').notNull(),
  runs: integer('runs').notNull(),
})

export const mark = missions.table('mark', {
  n: bigserial('n', { mode: 'number' }),
  orgId: orgId(),
  at: text('at').notNull(),
  kind: text('kind').notNull(),
  mission: text('mission'),
  what: text('what').notNull(),
})

export const changeTry = missions.table('change_try', {
  orgId: orgId(),
  source: text('source').notNull(),
  position: text('position').notNull(),
  object: text('object').notNull(),
  change: text('change').notNull(),
  recordIds: text('record_ids').notNull(),
  tries: integer('tries').notNull(),
  setAsideAt: text('set_aside_at'),
  reason: text('reason'),
})

export const deletedRecord = missions.table('deleted_record', {
  orgId: orgId(),
  recordId: text('record_id').notNull(),
  deletedAt: text('deleted_at').notNull(),
})

export const setting = missions.table('setting', {
  orgId: orgId(),
  key: text('key').notNull(),
  value: text('value').notNull(),
})
