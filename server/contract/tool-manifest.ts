import type { Scope } from './call-token.ts'
import type { ToolName } from './tools.ts'

/** What a tool may have done once it answered; of a tool that does several things, the worst. */
type Reversibility = 'read-only' | 'reversible' | 'irreversible'

export interface ToolLimits {
  /** Milliseconds until a call ends; a tool that writes begins no transaction after them. */
  ms: number
  /** Calls in any minute, of all callers together. */
  perMinute: number
  /** Entries of all lists of an answer together. */
  rows: number
  /** An answer as JSON. */
  bytes: number
}

interface ManifestRow {
  class: Reversibility
  /** What a caller needs to be shown the tool, and to call it. */
  scope: Scope
  limits: ToolLimits
}

/** By tool name: a tool without a row can be neither listed nor called. */
export type ToolManifest = Readonly<Partial<Record<ToolName, ManifestRow>>>

const READ: ToolLimits = { ms: 85_000, perMinute: 6_000, rows: 2_500, bytes: 4_000_000 }
const ABOUT_A_DECISION: ToolLimits = { ms: 85_000, perMinute: 600, rows: 500, bytes: 200_000 }

const reading = (limits: Partial<ToolLimits> = {}): ManifestRow => ({
  class: 'read-only',
  scope: 'read',
  limits: { ...READ, ...limits },
})

/** What salesforce-mcp enforces for each of its tools; the schemas of arguments and answers are in `tools.ts`. */
export const toolManifest: ToolManifest = {
  acceptDecision: { class: 'read-only', scope: 'decide', limits: ABOUT_A_DECISION },
  openGrant: { class: 'read-only', scope: 'read', limits: ABOUT_A_DECISION },
  /** What an activation allows ends by the next one, or by a withdrawal. */
  activateGrant: { class: 'reversible', scope: 'decide', limits: ABOUT_A_DECISION },
  withdrawGrant: { class: 'reversible', scope: 'decide', limits: ABOUT_A_DECISION },
  getUserInfo: reading({ rows: 0, bytes: 2_000 }),
  describeGrant: reading({ perMinute: 60, rows: 20_000 }),
  getObjectSchema: reading(),
  soqlQuery: reading({ rows: 10_000, bytes: 8_000_000 }),
  listChanges: reading({ rows: 200, bytes: 200_000 }),
  findDeleted: reading({ rows: 400, bytes: 200_000 }),
  find: reading(),
  findDuplicates: reading({ rows: 50 }),
  getRelatedRecords: reading({ rows: 20_000, bytes: 16_000_000 }),
  getRecordHistory: reading({ rows: 200 }),
  checkVisibility: reading({ rows: 200, bytes: 100_000 }),
  resolveRoster: reading(),
  checkChangeSet: reading({ rows: 20_000 }),
  /** A merge cannot be taken back in full: a commit counts as one. */
  commitChangeSet: {
    class: 'irreversible',
    scope: 'write',
    limits: { ms: 290_000, perMinute: 600, rows: 40_000, bytes: 4_000_000 },
  },
  /** The mark stays in the org for good; it only narrows what may be written. */
  /** An administrator deletes what it enters. */
  keepApart: { class: 'reversible', scope: 'write', limits: ABOUT_A_DECISION },
  voidChangeSet: { class: 'irreversible', scope: 'write', limits: ABOUT_A_DECISION },
  findCommitted: reading({ rows: 40_000 }),
  listReceipts: reading({ rows: 2_000, bytes: 200_000 }),
  readBack: reading({ rows: 40_000, bytes: 16_000_000 }),
}

/** True when the tool may change the org. */
export const isWriting = (tool: ToolName): boolean => toolManifest[tool]?.class !== 'read-only'
