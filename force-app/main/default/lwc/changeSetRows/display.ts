import { calendarDay, dayAndTime, sharedLabels } from 'c/missionWords'
import type { OpenLeaf } from '../../../../../server/contract/seal.ts'
import { labels } from './labels'

export interface Shown {
  text: string
  /** The stored value itself, where `text` is a friendlier form of it (a name for an id). */
  stored: string | null
}

const ID = /^[a-zA-Z0-9]{18}$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/
const DECIMAL = /^-?\d+(\.\d+)?$/

/** The first number in a formatted text, without signs of currency or grouping and without idle zeros. */
function numberIn(text: string): string | null {
  const found = /-?[\d,]*\d(?:\.\d+)?/.exec(text.replace(/[\s\u00a0]/g, ''))?.[0]
  if (!found) return null
  const [whole = '', fraction = ''] = found.replaceAll(',', '').split('.')
  const kept = fraction.replace(/0+$/, '')
  return whole.replace(/^(-?)0+(?=\d)/, '$1') + (kept ? `.${kept}` : '')
}

const loosely = (text: string) => text.replace(/\s+/g, ' ').trim()

/**
 * The text of a cell for a leaf. The leaf decides: `text`, the brain's formatted form of it, is used only where it
 * cannot mislead, which is a name beside the id it stands for, the same number with grouping, or the same words. Dates
 * and times read as the person reads them elsewhere in Salesforce.
 */
export function display(value: OpenLeaf['value'] | undefined, text: string): Shown {
  if (value === undefined) return { text: labels.hidden, stored: null }
  if (value === null || value === '') return { text: sharedLabels.blank, stored: null }
  if (typeof value === 'boolean') return { text: value ? sharedLabels.yes : sharedLabels.no, stored: null }
  if (typeof value !== 'string') return { text: JSON.stringify(value), stored: null }
  if (ID.test(value)) return text && text !== value ? { text, stored: value } : { text: value, stored: null }
  if (DECIMAL.test(value) && numberIn(text) === numberIn(value)) return { text, stored: null }
  if (DATE.test(value)) return { text: calendarDay(value), stored: null }
  if (TIME.test(value)) return { text: dayAndTime(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')), stored: null }
  return { text: loosely(text) === loosely(value) ? text : value, stored: null }
}

const kinds: [RegExp, string][] = [
  [/^kept$/, labels.kept],
  [/^record:/, labels.record],
  [/^rule:/, labels.rule],
  [/^knowledge:/, labels.policy],
  [/^computed:/, labels.computed],
  [/^model\(/, labels.model],
  [/^person:/, labels.person],
]

/** Where a value comes from. The leaf alone decides whether a model judged it, not the brain's words. */
export function displaySource(source: string, text: string): string {
  const word = kinds.find(([form]) => form.test(source))?.[1]
  if (!word) return text || source
  if (word === labels.model && !text.startsWith(word)) return text ? `${word} · ${text}` : word
  return text || `${word}${source.includes(':') ? ` ${source.slice(source.indexOf(':') + 1)}` : ''}`
}

/** A change too small to see, named: only capitals or only spaces. */
export function subtlety(before: OpenLeaf['value'] | undefined, after: OpenLeaf['value'] | undefined): string | null {
  if (typeof before !== 'string' || typeof after !== 'string' || before === after) return null
  if (before.toLowerCase() === after.toLowerCase()) return labels.onlyCapitals
  return loosely(before) === loosely(after) ? labels.onlySpaces : null
}
