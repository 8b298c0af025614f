// Fields an org fills in by itself: names from their parts, stages and statuses, dates that follow from others.
import type { ObjectDef } from '../catalog.ts'
import { DAY_MS, formatDate } from '../dates.ts'
import type { Row, Store, Stored } from '../store.ts'
import type { Catalog } from '../catalog.ts'
import { caseContact, memberPerson } from './copies.ts'
import { attachmentFields } from './files.ts'
import { personName as personAccountName } from './person-account.ts'
import { formulaValue } from '../formula.ts'
import { itemFields, priceFields } from './products.ts'

export interface Derivation {
  store: Store
  catalog: Catalog
  object: ObjectDef
  /** The row as it will be, without derived fields brought up to date. */
  after: Row
  before: Row | undefined
  /** Fields the client set itself. */
  given: ReadonlySet<string>
  now: number
}

const text = (value: Stored | undefined): string => (typeof value === 'string' ? value : '')
const joined = (...parts: (Stored | undefined)[]): string | null => parts.map(text).filter(Boolean).join(' ') || null

function choice({ store, catalog }: Derivation, object: string, value: Stored | undefined): Row | undefined {
  return value === null || value === undefined ? undefined : store.rowsWhere(catalog.get(object), 'ApiName', value)[0]
}

const moved = ({ after, before }: Derivation, field: string): boolean => !before || before[field] !== after[field]

function personName({ after }: Derivation): Row {
  return { Name: joined(after['FirstName'], after['LastName']) }
}

function opportunity(derivation: Derivation): Row {
  const { after, given, now } = derivation
  const changes: Row = {}
  const stage = choice(derivation, 'OpportunityStage', after['StageName'])
  if (moved(derivation, 'StageName')) {
    changes['IsClosed'] = stage?.['IsClosed'] ?? 0
    changes['IsWon'] = stage?.['IsWon'] ?? 0
    changes['ForecastCategory'] = stage?.['ForecastCategory'] ?? 'Pipeline'
    changes['LastStageChangeDate'] = now
    if (!given.has('ForecastCategoryName'))
      changes['ForecastCategoryName'] = stage?.['ForecastCategoryName'] ?? 'Pipeline'
    if (!given.has('Probability')) changes['Probability'] = stage?.['DefaultProbability'] ?? 0
  }
  const row = { ...after, ...changes }
  // What has products is worth what they cost: an amount that a client sends is ignored, not refused [K].
  if (derivation.before?.['HasOpportunityLineItem'] === 1) {
    row['Amount'] = changes['Amount'] = derivation.before['Amount'] ?? null
  }
  const [amount, probability, close] = [row['Amount'], row['Probability'], text(row['CloseDate'])]
  changes['ExpectedRevenue'] =
    typeof amount === 'number' ? Math.round(amount * (typeof probability === 'number' ? probability : 0)) / 100 : null
  changes['FiscalYear'] = close ? Number(close.slice(0, 4)) : null
  changes['FiscalQuarter'] = close ? Math.ceil(Number(close.slice(5, 7)) / 3) : null
  changes['Fiscal'] = close ? `${changes['FiscalYear']} ${changes['FiscalQuarter']}` : null
  return changes
}

function caseFields(derivation: Derivation): Row {
  const contact = moved(derivation, 'ContactId') ? caseContact(derivation) : {}
  if (!moved(derivation, 'Status')) return contact
  const closed = choice(derivation, 'CaseStatus', derivation.after['Status'])?.['IsClosed'] ?? 0
  return { ...contact, IsClosed: closed, ClosedDate: closed === 1 ? derivation.now : null }
}

function task(derivation: Derivation): Row {
  const changes: Row = {
    ...activityAccount(derivation),
    IsHighPriority: Number(derivation.after['Priority'] === 'High'),
  }
  if (!moved(derivation, 'Status')) return changes
  const closed = choice(derivation, 'TaskStatus', derivation.after['Status'])?.['IsClosed'] ?? 0
  return { ...changes, IsClosed: closed, CompletedDateTime: closed === 1 ? derivation.now : null }
}

/** The account of what, or else of whom, an activity is about. */
function activityAccount({ store, catalog, after }: Derivation): Row {
  for (const id of [after['WhatId'], after['WhoId']]) {
    const target = typeof id === 'string' ? catalog.byPrefix(id) : undefined
    if (target?.name === 'Account') return { AccountId: id ?? null }
    if (target?.byName.has('accountid')) return { AccountId: store.row(target, String(id))?.['AccountId'] ?? null }
  }
  return { AccountId: null }
}

function event(derivation: Derivation): Row {
  const { after } = derivation
  const start = after['StartDateTime'] ?? after['ActivityDateTime'] ?? null
  const minutes = after['DurationInMinutes'] ?? null
  const end =
    after['EndDateTime'] ?? (typeof start === 'number' && typeof minutes === 'number' ? start + minutes * 60_000 : null)
  return {
    ...activityAccount(derivation),
    StartDateTime: start,
    ActivityDateTime: start,
    EndDateTime: end,
    ActivityDate: typeof start === 'number' ? formatDate(start) : (after['ActivityDate'] ?? null),
    EndDate: typeof end === 'number' ? formatDate(end) : null,
    DurationInMinutes:
      minutes ?? (typeof start === 'number' && typeof end === 'number' ? (end - start) / 60_000 : null),
  }
}

function contract({ after, before, now }: Derivation): Row {
  const [start, term] = [text(after['StartDate']), after['ContractTerm']]
  const activated = after['Status'] === 'Activated'
  const fresh: Row = activated && before?.['Status'] !== 'Activated' ? { ActivatedDate: now } : {}
  if (!start || typeof term !== 'number') return { EndDate: null, StatusCode: after['Status'] ?? null, ...fresh }
  const date = new Date(`${start}T00:00:00.000Z`)
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + term, date.getUTCDate()) - DAY_MS
  return { EndDate: formatDate(end), StatusCode: after['Status'] ?? null, ...fresh }
}

function order({ after, before, now }: Derivation): Row {
  const activated = after['Status'] === 'Activated'
  const fresh: Row = activated && before?.['Status'] !== 'Activated' ? { ActivatedDate: now } : {}
  return { StatusCode: activated ? 'Activated' : 'Draft', ...fresh }
}

function teamMember({ store, catalog, after }: Derivation): Row {
  const user = store.row(catalog.get('User'), text(after['UserId']))
  return { Name: user?.['Name'] ?? null, Title: user?.['Title'] ?? null }
}

function campaignMember(derivation: Derivation): Row {
  const { store, catalog, after, now } = derivation
  const statuses = store.rowsWhere(catalog.get('CampaignMemberStatus'), 'CampaignId', after['CampaignId'] ?? null)
  const status = statuses.find((each) => each['Label'] === after['Status'] && each['IsDeleted'] === 0)
  const responded = status ? status['HasResponded'] === 1 : after['Status'] === 'Responded'
  return {
    ...memberPerson(derivation),
    HasResponded: Number(responded),
    FirstRespondedDate: responded ? (after['FirstRespondedDate'] ?? formatDate(now)) : null,
  }
}

const DERIVATIONS: Record<string, (derivation: Derivation) => Row> = {
  Account: ({ after }) => personAccountName(after),
  Contact: personName,
  Lead: personName,
  User: personName,
  Individual: personName,
  Order: order,
  PricebookEntry: priceFields,
  OpportunityLineItem: itemFields,
  OrderItem: itemFields,
  OpportunityTeamMember: teamMember,
  Opportunity: opportunity,
  Case: caseFields,
  Task: task,
  Event: event,
  Contract: contract,
  CampaignMember: campaignMember,
  Attachment: ({ after }) => attachmentFields(after),
}

/** The derived fields of a row, to be laid over it. */
export function derive(derivation: Derivation): Row {
  const derived = DERIVATIONS[derivation.object.name]?.(derivation) ?? {}
  const formulas = derivation.object.fields.filter(({ formula }) => formula !== undefined)
  const row = { ...derivation.after, ...derived }
  // In the order of the file: a formula may build on those before it.
  for (const field of formulas) derived[field.name] = row[field.name] = formulaValue(derivation.object, field, row)
  return derived
}
