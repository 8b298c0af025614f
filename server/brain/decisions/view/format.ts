// How values read on a screen: labels and formats only, the digest covers the values themselves.
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { groupDigits } from '../../domain/digits.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import { isRecordId } from '../../domain/record-id.ts'

export const BLANK = '(blank)'
const UNSEEN_RECORD = '(a record you cannot see)'

const MONEY = /(Amount|Revenue|Price|Cost|Value)(__c)?$/

const isDateTime = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
const isMoney = (text: string, field: string) => MONEY.test(field) && /^-?\d+(\.\d+)?$/.test(text)

/** A value as text: blanks spelled out, lookups by name, money with grouped digits, times in UTC. */
export function valueText(value: FieldValue, field: string, proposal: Proposal, access: ReadAccess): string {
  if (value === null || value === '') return BLANK
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (isRecordId(value)) return recordText(value, proposal, access)
  if (isMoney(value, field)) return groupDigits(value)
  if (isDateTime(value)) return `${value.slice(0, 10)} ${value.slice(11, 16)} UTC`
  return value
}

function recordText(id: string, proposal: Proposal, access: ReadAccess): string {
  if (!access.record(id)) return UNSEEN_RECORD
  return proposal.names[id]?.name ?? id
}

/** Where a value comes from, in words. */
export function sourceText(source: string, proposal: Proposal, access: ReadAccess): string {
  if (source === 'kept') return 'Kept'
  const model = /^model\((.*)\)$/.exec(source)
  if (model) return 'Model judgement'
  const [kind = '', ...rest] = source.split(':')
  const detail = rest.join(':')
  if (kind === 'record') return `From ${recordText(detail, proposal, access)}`
  if (kind === 'rule') return `Rule: ${detail}`
  if (kind === 'knowledge') return `Knowledge: ${detail}`
  if (kind === 'computed') return `Computed: ${detail}`
  if (kind === 'text') return `Out of the text: ${detail}`
  return `Edited by ${recordText(detail, proposal, access)}`
}
