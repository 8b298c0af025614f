// Fields an org fills in by itself: names from their parts, stages and statuses, dates that follow from others.
import type { Derivation } from './derivation.ts'

import { DAY_MS, formatDate } from '../../schema/dates.ts'

import type { Row, Stored } from '../../store/row.ts'
import { fiscalPeriod, fiscalYear } from '../../store/fiscal.ts'
import { eventFields, taskFields } from './activities.ts'
import { caseContact, memberPerson } from './copies.ts'
import { attachmentFields } from './files.ts'
import { personName as personAccountName } from './person-account.ts'
import { formulaValue } from '../../store/formula.ts'
import { itemFields, priceFields } from './products.ts'

const text = (value: Stored | undefined): string => (typeof value === 'string' ? value : '')
const joined = (...parts: (Stored | undefined)[]): string | null => parts.map(text).filter(Boolean).join(' ') || null

function choice({ store, catalog }: Derivation, object: string, value: Stored | undefined): Row | undefined {
  return value === null || value === undefined ? undefined : store.rowsWhere(catalog.get(object), 'ApiName', value)[0]
}

const moved = ({ after, before }: Derivation, field: string): boolean => !before || before[field] !== after[field]

function personName({ after }: Derivation): Row {
  return { Name: joined(after['FirstName'], after['LastName']) }
}

/** A user who is given no nickname gets one made of the moment. */
const nickname = ({ after, now }: Derivation): Row =>
  after['CommunityNickname'] ? {} : { CommunityNickname: `User${now}` }

/** The category that a forecast category's name stands for. */
const FORECASTS: Record<string, string> = {
  Omitted: 'Omitted',
  Pipeline: 'Pipeline',
  'Best Case': 'BestCase',
  Commit: 'Forecast',
  Closed: 'Closed',
}

function fiscal({ store, catalog }: Derivation, close: string): Row {
  if (!close) return { FiscalYear: null, FiscalQuarter: null, Fiscal: null }
  const { year, quarter } = fiscalPeriod(close, fiscalYear(store, catalog))
  return { FiscalYear: year, FiscalQuarter: quarter, Fiscal: `${year} ${quarter}` }
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
  const forecast = FORECASTS[text(row['ForecastCategoryName'])]
  if (forecast) changes['ForecastCategory'] = forecast
  return { ...changes, ...fiscal(derivation, close) }
}

function caseFields(derivation: Derivation): Row {
  const contact = moved(derivation, 'ContactId') ? caseContact(derivation) : {}
  if (!moved(derivation, 'Status')) return contact
  const closed = choice(derivation, 'CaseStatus', derivation.after['Status'])?.['IsClosed'] ?? 0
  return { ...contact, IsClosed: closed, ClosedDate: closed === 1 ? derivation.now : null }
}

/** The same day `count` months later, in epoch ms; the last one of a month that is too short. */
function monthsAfter(date: string, count: number): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const lastDay = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return Date.UTC(year, month - 1 + count, Math.min(day, lastDay))
}

/** Who activated a contract or an order and when, in the change that does. */
function activation({ after, before, now, userId }: Derivation): Row {
  const isNew = after['Status'] === 'Activated' && before?.['Status'] !== 'Activated'
  return isNew ? { ActivatedDate: now, ActivatedById: userId ?? null } : {}
}

function contract(derivation: Derivation): Row {
  const { after } = derivation
  const [start, term] = [text(after['StartDate']), after['ContractTerm']]
  const fresh = activation(derivation)
  if (!start || typeof term !== 'number') return { EndDate: null, StatusCode: after['Status'] ?? null, ...fresh }
  return { EndDate: formatDate(monthsAfter(start, term) - DAY_MS), StatusCode: after['Status'] ?? null, ...fresh }
}

function order(derivation: Derivation): Row {
  const isActive = derivation.after['Status'] === 'Activated'
  return { StatusCode: isActive ? 'Activated' : 'Draft', ...activation(derivation) }
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
  User: (derivation) => ({ ...personName(derivation), ...nickname(derivation) }),
  Individual: personName,
  Order: order,
  PricebookEntry: priceFields,
  OpportunityLineItem: itemFields,
  OrderItem: itemFields,
  OpportunityTeamMember: teamMember,
  Opportunity: opportunity,
  Case: caseFields,
  Task: taskFields,
  Event: eventFields,
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
