import type { AcceptedDecision } from '../../contract/approval-token.ts'
import type { GateLine } from '../../contract/gate/lines.ts'
import type { Grant } from '../../contract/grant.ts'

/** What starts a mission; several may stand beside each other. */
export type MissionTrigger =
  | ChangeTrigger
  | EventTrigger
  | ScheduleTrigger
  | PollTrigger
  | { portal: { scope: string; filter: string[] } }
  | ApiTrigger

/** A change event of the org. */
interface ChangeTrigger {
  /** `Lead.updated`. */
  change: string
  after: string
  /** Starts only when one of these changed, or may have. */
  fields?: string[]
}

/** A platform event that names mission, record and a key of the request. */
interface EventTrigger {
  event: string
}

/** Times by a cron expression in a time zone. */
export interface ScheduleTrigger {
  schedule: string
  zone: string
  /** One run for each of these records; without it one run, about none. */
  each?: { object: string; where?: string }
}

/** A query by time stamp, where change events cannot be had. */
export interface PollTrigger {
  poll: string
  every: string
  by: 'SystemModstamp'
  /** Deletions start runs too. */
  deleted?: boolean
}

interface ApiTrigger {
  api: { object: string }
}

/** One record by id; `id` is an expression, `trigger.recordId` for the record the run is about. */
export interface RecordStep {
  name: string
  object: string
  id: string
  fields: string[]
}

/** Records that look like another step's record. */
export interface MatchStep {
  name: string
  match: 'Account'
  to: string
  by: string[]
  atMost: number
  fields: string[]
}

/** Children of a step's records: `relationship` is the parent's name for them, `lookup` the child's field that points at the parent. */
export interface ChildrenStep {
  name: string
  object: string
  relationship: string
  lookup: string
  of: string
  fields: string[]
}

/** How fields of a step's record have changed, by the org's field history. */
export interface HistoryStep {
  name: string
  /** The step with the record. */
  history: string
  /** That record's object, and its fields whose changes are read. */
  object: string
  fields: string[]
}

export type ReadStep = RecordStep | MatchStep | ChildrenStep | HistoryStep

/** A question a mission asks, of a kind; `asked` is what its kind wants to know, in the shape of that kind. */
export interface AskedQuestion {
  /** What expressions call the answer. */
  name: string
  kind: string
  asked: unknown
  /** `Object.Field` that may reach a language model; empty: none is asked. */
  modelFields: string[]
}

/** A proposal a mission may make. Conditions and values are expressions over steps, answers and `let`. */
export type Template = UpdateTemplate | CreateTemplate | MergeTemplate | ConvertTemplate

interface Conditional {
  /** Null: always. */
  when: string | null
  /** Name by which later templates know whether this one proposes something; null: none asks. */
  as: string | null
}

export interface UpdateTemplate extends Conditional {
  kind: 'update'
  /** The step whose record is changed. */
  record: string
  set: Record<string, string>
}

export interface CreateTemplate extends Conditional {
  kind: 'create'
  object: string
  set: Record<string, string>
}

/** Merges what a `same-entity` question found to be one. */
export interface MergeTemplate extends Conditional {
  kind: 'merge'
  of: string
  /** Fields that may be set on the survivor; everything else of it stays. */
  fields: string[]
  /** Objects of which records may be deleted so that the org takes the merge. */
  remove: string[]
  /** Steps whose records undo may move back, and fields of the survivor besides `fields` that it may put back. */
  putBack: string[]
}

/** Converts the step's lead into an account. */
export interface ConvertTemplate extends Conditional {
  kind: 'convert'
  record: string
  into: string
  contact: string | null
  owner: string | null
}

interface MissionLimits {
  /** Records of one change set. */
  records: number
  /** Runs started in a day, UTC. */
  perDay: number
  /** Decisions of the mission that await people at one time. */
  open: number
  /** Salesforce calls of a run until it proposes. */
  apiCalls: number
  /** Uninterrupted work of a run until it proposes. */
  minutes: number
  /** Tokens of a language model that a run may use, in and out. */
  tokens: number
  /** The most that language models may cost a run, as a decimal in the currency of the settings; without it there is no limit. */
  cost?: string
}

/** A mission's YAML after parsing; `server/brain/missions/catalog/*.yaml`. */
export interface MissionDefinition {
  mission: string
  title: string
  description: string
  trigger: MissionTrigger[]
  read: ReadStep[]
  knowledge: string[]
  /** In the order they are asked: a question may build on the answers before it. */
  reason: AskedQuestion[]
  /** Expressions by name, each over those before it. */
  let: Record<string, string>
  /** Conditions under which the run ends with nothing to do, and what it says then. */
  skip: { when: string; say: string }[]
  propose: Template[]
  /** Must hold on the re-read values right before the first write; absent in versions from before it was offered. */
  assert?: string[]
  /** Every line that matches applies; their order means nothing. */
  gate: GateLine[]
  /** When an approved change may be written; absent where any time will do. */
  commit?: { windows?: string[]; freeze?: string[]; zone?: string; notBefore?: string }
  /** The org's own checkbox fields by the name gate lines use: `legalHold` → `Account.Legal_Hold__c`. */
  facts: Record<string, string>
  limits: MissionLimits
  /** Events start runs for this share of the records alone; absent: for all. */
  rollout?: { share: string }
  /** Opens no decision: after so many days what it would have set is compared with what people did. */
  watch?: { days: number } | undefined
}

/** A signature for a version that may do more than the one before it: a second administrator has to sign too. */
export interface FirstSignature {
  accepted: AcceptedDecision
  userId: string
  at: string
  /** What the version may do that the one before it may not, in words. */
  widenings: string[]
}

/** The end of an activation before its time. */
export interface Withdrawal {
  userId: string
  at: string
  reason: string
}

/** How the org's register says a version became active. */
export interface Activation {
  activation: AcceptedDecision
  userId: string
  at: string
  /** The signature before this one, where two administrators had to sign. */
  signedFirst: { accepted: AcceptedDecision; userId: string } | null
  endsAt: string
}

/** An immutable version of a mission. Inert until `activation` is there. */
export interface MissionVersion {
  name: string
  version: number
  /** The YAML text, as read. */
  source: string
  definition: MissionDefinition
  grant: Grant
  grantHash: string
  /** Pinned knowledge: document name → version. */
  knowledge: Record<string, number>
  activation: AcceptedDecision | null
  activatedBy: string | null
  activatedAt: string | null
  signedFirst: Activation['signedFirst']
  /** When the activation ends; salesforce-mcp goes by the org's register. */
  endsAt: string | null
  /** Set while a second administrator is waited for. */
  waiting: FirstSignature | null
  withdrawn: Withdrawal | null
}

/** True while the version's activation is neither withdrawn nor ended. */
export function isActive({ activation, withdrawn, endsAt }: MissionVersion, now: string): boolean {
  return activation !== null && withdrawn === null && endsAt !== null && endsAt > now
}

/** A version of a knowledge document. */
export interface KnowledgeVersion {
  name: string
  version: number
  title: string
  source: string
}

/** Where a version of a document came from. Who approved it stands with the mission's activation. */
export interface DocumentOrigin {
  name: string
  version: number
  /** `release 1.2.0: policy.md`, or `file missions/knowledge/policy.md`. */
  origin: string
  /** The account of the machine that put it into the database. */
  writer: string
  at: string
}
