import { calendarDay, dayAndTime, formatLabel, sharedLabels } from 'c/missionWords'
import { markInvisible } from 'c/visibleText'
import type { OpenLeaf } from '../../../../../server/contract/seal.ts'
import { labels } from './labels'
import type { Names } from './names'

export interface Shown {
  text: string
  /** The stored value itself, where `text` is a friendlier form of it (a name for an id). */
  stored: string | null
}

const ID = /^[a-zA-Z0-9]{18}$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(\d{2}(?:\.\d+)?)(?:Z|[+-]\d{2}:?\d{2})$/
const DECIMAL = /^-?\d+(\.\d+)?$/
/** A sign or code of a currency before an amount. */
const CURRENCY = /^(-?)(?:\p{Sc}|[A-Z]{3}\s)/u

/** Whether a text is the very same digits with grouping, and at most a currency before them. */
const isGrouped = (text: string, digits: string): boolean =>
  text.length <= 2 * digits.length + 8 && text.replaceAll(',', '').replace(CURRENCY, '$1') === digits

const loosely = (text: string) => text.replace(/\s+/g, ' ').trim()

/**
 * The text of a cell for a leaf. The leaf decides: `text`, the brain's formatted form of it, is used only where it
 * cannot mislead, which is a name beside the id it stands for, or the same digits with grouping. Dates and times read as
 * the person reads them elsewhere in Salesforce.
 */
export function display(value: OpenLeaf['value'] | undefined, text: string): Shown {
  if (value === undefined) return { text: labels.hidden, stored: null }
  if (value === null || value === '') return { text: sharedLabels.blank, stored: null }
  if (typeof value === 'boolean') return { text: value ? sharedLabels.yes : sharedLabels.no, stored: null }
  if (typeof value !== 'string') return { text: JSON.stringify(value), stored: null }
  if (ID.test(value)) return text && text !== value ? { text, stored: value } : { text: value, stored: null }
  if (DECIMAL.test(value) && isGrouped(text, value)) return { text, stored: null }
  return displayTime(value) ?? { text: markInvisible(value), stored: standsForOther.has(value) ? value : null }
}

/** Texts that the page also writes for something else. */
const standsForOther = new Set([labels.hidden, sharedLabels.blank, sharedLabels.yes, sharedLabels.no])

/** A date or a time as the reader writes it; null for other text, and for days that no calendar has. */
function displayTime(value: string): Shown | null {
  const day = Date.parse(`${value.slice(0, 10)}T00:00Z`)
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== value.slice(0, 10)) return null
  if (DATE.test(value)) return { text: calendarDay(value), stored: null }
  const seconds = TIME.exec(value)?.[1]
  const time = value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
  if (seconds === undefined || Number.isNaN(Date.parse(time))) return null
  // The reader's form ends with the minute.
  return { text: dayAndTime(time), stored: Number(seconds) === 0 ? null : value }
}

const kinds: [RegExp, string][] = [
  [/^rule:/, labels.rule],
  [/^knowledge:/, labels.policy],
  [/^computed:/, labels.computed],
  [/^record:/, labels.record],
  [/^person:/, labels.person],
  [/^model\(/, labels.model],
]

/** Where a value comes from, from its leaf alone; only names of records and people are the brain's. */
export function displaySource(source: OpenLeaf['value'] | undefined, names: Names): string {
  if (source === undefined) return labels.hidden
  if (source === 'kept') return labels.kept
  const text = typeof source === 'string' ? source : JSON.stringify(source)
  const [form, word] = kinds.find(([each]) => each.test(text)) ?? []
  if (!form || !word) return markInvisible(text)
  const detail = text.replace(form, '')
  if (word === labels.model) return formatLabel(word, markInvisible(detail.replace(/\)$/, '')))
  const name = ID.test(detail) ? names.of(detail) : null
  return formatLabel(word, name ?? markInvisible(detail))
}

/** A change too small to see, named: only capitals or only spaces. */
export function subtlety(before: OpenLeaf['value'] | undefined, after: OpenLeaf['value'] | undefined): string | null {
  if (typeof before !== 'string' || typeof after !== 'string' || before === after) return null
  if (before.toLowerCase() === after.toLowerCase()) return labels.onlyCapitals
  return loosely(before) === loosely(after) ? labels.onlySpaces : null
}
