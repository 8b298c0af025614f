// Values of picklists as the Metadata API reads them, and the standard sets they belong to.
import { z } from 'zod'
import type { Caller, Org } from '../../org/org.ts'
import type { RecordJson } from '../../org/values.ts'

/** The version that moved the values of standard picklists out of their fields. */
export const FIRST_WITH_VALUE_SETS = 38

export interface PicklistEntry {
  value: string
  label: string
  defaultValue: boolean
}
type Flags = Record<string, unknown>

/** A value with what its set says of it. Values of sets carry a label, those in fields of before only their name. */
export function picklistValue(entry: PicklistEntry, flags: Flags = {}, withLabel: boolean): Record<string, unknown> {
  const { defaultValue, label } = entry
  const parts = { ...flags, default: defaultValue, ...(withLabel ? { label } : {}) }
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1))
  return { fullName: entry.value, ...Object.fromEntries(sorted) }
}

/** Objects whose rows say more of a status than its name, and the members that say it. */
const STATUSES: Record<string, { object: string; members: Record<string, string> }> = {
  'Lead.Status': { object: 'LeadStatus', members: { converted: 'IsConverted' } },
  'Case.Status': { object: 'CaseStatus', members: { closed: 'IsClosed' } },
  'Task.Status': { object: 'TaskStatus', members: { closed: 'IsClosed' } },
  'Opportunity.StageName': {
    object: 'OpportunityStage',
    members: {
      closed: 'IsClosed',
      forecastCategory: 'ForecastCategory',
      probability: 'DefaultProbability',
      won: 'IsWon',
    },
  },
}

/** What a status means, by its value; empty for a picklist that is none. */
export function statusFlags(org: Org, caller: Caller, field: string): Map<string, Flags> {
  const status = STATUSES[field]
  if (!status) return new Map()
  const members = Object.entries(status.members)
  const soql = `SELECT ApiName, ${members.map(([, name]) => name).join(', ')} FROM ${status.object}`
  const flags = (row: RecordJson): Flags => Object.fromEntries(members.map(([member, name]) => [member, row[name]]))
  return new Map(org.query(caller, soql).records.map((row) => [String(row['ApiName']), flags(row)]))
}

/** Standard sets by name, each with a field that shows its values. _Metadata API Developer Guide: StandardValueSet Names._ */
const SETS: Record<string, string> = {
  AccountOwnership: 'Account.Ownership',
  AccountRating: 'Account.Rating',
  AccountType: 'Account.Type',
  CaseOrigin: 'Case.Origin',
  CasePriority: 'Case.Priority',
  CaseReason: 'Case.Reason',
  CaseStatus: 'Case.Status',
  CaseType: 'Case.Type',
  Industry: 'Account.Industry',
  LeadSource: 'Lead.LeadSource',
  LeadStatus: 'Lead.Status',
  OpportunityStage: 'Opportunity.StageName',
  OpportunityType: 'Opportunity.Type',
  Salutation: 'Contact.Salutation',
  TaskPriority: 'Task.Priority',
  TaskStatus: 'Task.Status',
}

const Fields = z.array(
  z.object({
    name: z.string(),
    picklistValues: z.array(z.object({ value: z.string(), label: z.string(), defaultValue: z.boolean() })),
  }),
)

/** The standard set of this name, null when there is none. */
export function readStandardValueSet(org: Org, caller: Caller, fullName: string): Record<string, unknown> | null {
  const field = Object.hasOwn(SETS, fullName) ? SETS[fullName] : undefined
  if (!field) return null
  const [object = '', name = ''] = field.split('.')
  const described = Fields.parse(org.describe(caller, object)['fields']).find((one) => one.name === name)
  if (!described) return null
  const flags = statusFlags(org, caller, field)
  const standardValue = described.picklistValues.map((entry) => picklistValue(entry, flags.get(entry.value), true))
  return { fullName, sorted: false, standardValue }
}
