// What a new org knows about its own picklists: statuses, stages and record types.
import type { Catalog } from './catalog.ts'
import { makeId, toId18 } from './ids.ts'
import type { Value } from '../org/values.ts'

type Rows = Record<string, Value>[]

/** Name, probability, forecast category and its name [web] [K]. */
const STAGES: [string, number, string, string][] = [
  ['Prospecting', 10, 'Pipeline', 'Pipeline'],
  ['Qualification', 10, 'Pipeline', 'Pipeline'],
  ['Needs Analysis', 20, 'Pipeline', 'Pipeline'],
  ['Value Proposition', 50, 'Pipeline', 'Pipeline'],
  ['Id. Decision Makers', 60, 'Pipeline', 'Pipeline'],
  ['Perception Analysis', 70, 'Pipeline', 'Pipeline'],
  ['Proposal/Price Quote', 75, 'Pipeline', 'Pipeline'],
  ['Negotiation/Review', 90, 'Pipeline', 'Pipeline'],
  ['Closed Won', 100, 'Closed', 'Closed'],
  ['Closed Lost', 0, 'Omitted', 'Omitted'],
]
const LEAD_STATUSES = [
  'Open - Not Contacted',
  'Working - Contacted',
  'Qualified',
  'Closed - Converted',
  'Closed - Not Converted',
]
const CASE_STATUSES = ['New', 'Working', 'Escalated', 'Closed']
const TASK_STATUSES = ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred']
const RECORD_TYPES = [
  { name: 'Customer', label: 'Customer', object: 'Account', isPerson: false },
  { name: 'Partner', label: 'Partner', object: 'Account', isPerson: false },
  { name: 'PersonAccount', label: 'Person Account', object: 'Account', isPerson: true },
]

/** The id of a custom notification type, by its number; it carries no instance, as ids given by hand do. */
const notificationTypeId = (n: number): string => toId18(`0ML${String(n).padStart(12, '0')}`)

/** Rows to load into an empty org; every id is fixed. */
export function setupValueRows(
  catalog: Catalog,
  notificationTypes: readonly { name: string; label: string }[],
): [object: string, rows: Rows][] {
  const id = (object: string, i: number): string => makeId(catalog.get(object).keyPrefix ?? '000', i + 1)
  const statuses = (object: string, names: string[], flag: string, marked: string): [string, Rows] => [
    object,
    names.map((name, i) => ({
      Id: id(object, i),
      MasterLabel: name,
      ApiName: name,
      SortOrder: i + 1,
      IsDefault: i === 0,
      [flag]: name === marked,
    })),
  ]
  const stages = STAGES.map(([name, probability, category, categoryName], i) => ({
    Id: id('OpportunityStage', i),
    MasterLabel: name,
    ApiName: name,
    IsActive: true,
    SortOrder: i + 1,
    IsClosed: name.startsWith('Closed'),
    IsWon: name === 'Closed Won',
    ForecastCategory: category,
    ForecastCategoryName: categoryName,
    DefaultProbability: probability,
  }))
  const recordTypes = RECORD_TYPES.map(({ name, label, object, isPerson }, i) => ({
    Id: id('RecordType', i),
    Name: label,
    DeveloperName: name,
    SobjectType: object,
    IsActive: true,
    IsPersonType: isPerson,
  }))
  return [
    statuses('LeadStatus', LEAD_STATUSES, 'IsConverted', 'Closed - Converted'),
    statuses('CaseStatus', CASE_STATUSES, 'IsClosed', 'Closed'),
    statuses('TaskStatus', TASK_STATUSES, 'IsClosed', 'Completed'),
    ['OpportunityStage', stages],
    ['RecordType', recordTypes],
    [
      'CustomNotificationType',
      notificationTypes.map(({ name, label }, i) => ({
        Id: notificationTypeId(i + 1),
        CustomNotifTypeName: label,
        DeveloperName: name,
        MasterLabel: label,
        Desktop: true,
        Mobile: true,
      })),
    ],
  ]
}
