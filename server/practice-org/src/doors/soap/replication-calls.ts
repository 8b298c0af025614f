import type { Caller, Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import type { SoapCall } from './envelope.ts'
import { describedOrFault } from './fields.ts'
import type { SessionContext } from './session-calls.ts'
import { text, type XmlElement } from '../../wire/xml/xml.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const MAX_DAYS = 30
/** As long as the recycle bin keeps what was deleted. */
const DELETED_DAYS = 15

interface Span {
  object: string
  start: string
  end: string
}

/** `getUpdated(sObjectType, startDate, endDate)`: ids of what was created or changed in the span. */
export function getUpdated(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const { object, start, end } = spanOf(call.body, org, caller)
  const soql = `SELECT Id FROM ${object} WHERE SystemModstamp >= ${start} AND SystemModstamp < ${end}`
  return [{ ids: everything(org, caller, soql, false).map((row) => row['Id']), latestDateCovered: end }]
}

/** `getDeleted(sObjectType, startDate, endDate)`: what was deleted, by a merge too. Nothing older than 15 days. */
export function getDeleted(call: SoapCall, org: Org, caller: Caller, session: SessionContext): unknown[] {
  const { object, start, end } = spanOf(call.body, org, caller)
  const kept = new Date(session.now() - DELETED_DAYS * DAY).toISOString()
  const soql =
    `SELECT Id, SystemModstamp FROM ${object} ` +
    `WHERE IsDeleted = true AND SystemModstamp >= ${start < kept ? kept : start} AND SystemModstamp < ${end}`
  const deletedRecords = everything(org, caller, soql, true).map((row) => ({
    deletedDate: String(row['SystemModstamp']).replace('+0000', 'Z'),
    id: row['Id'],
  }))
  return [{ deletedRecords, earliestDateAvailable: kept, latestDateCovered: end }]
}

function everything(org: Org, caller: Caller, soql: string, all: boolean): Record<string, unknown>[] {
  let page = org.query(caller, soql, { all })
  const rows = [...page.records]
  while (page.nextLocator) {
    page = org.queryMore(caller, page.nextLocator)
    rows.push(...page.records)
  }
  return rows
}

/** Seconds count for nothing, as an org has it; the end is the first minute that is not covered. */
function spanOf(body: XmlElement, org: Org, caller: Caller): Span {
  const described = describedOrFault(
    org,
    caller,
    text(body, 'sObjectType') ?? text(body, 'sObjectTypeEntityType') ?? '',
  )
  const object = String(described['name'])
  if (described['replicateable'] !== true) {
    throw refusal.badInput(`Object type '${object}' is not replicable`, 'INVALID_SOBJECT')
  }
  const [start = NaN, end = NaN] = ['startDate', 'endDate'].map((name) => Date.parse(text(body, name) ?? ''))
  if (Number.isNaN(start) || Number.isNaN(end)) throw wrongDates('startDate and endDate are required')
  if (end - start <= MINUTE) throw wrongDates('startDate before endDate by more than one minute')
  if (end - start > MAX_DAYS * DAY) throw wrongDates(`the span must not exceed ${MAX_DAYS} days`)
  const minute = (ms: number): string => new Date(Math.floor(ms / MINUTE) * MINUTE).toISOString()
  return { object, start: minute(start), end: minute(end) }
}

const wrongDates = (message: string) => refusal.badInput(message, 'INVALID_REPLICATION_DATE')
