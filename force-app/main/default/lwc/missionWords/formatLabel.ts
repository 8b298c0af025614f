import locale from '@salesforce/i18n/locale'

const numbers = new Intl.NumberFormat(locale)
const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' })

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Text that is written from right to left must not turn the words around it: first strong isolate … pop isolate. */
const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text)

/**
 * A label with its placeholders `{0}`, `{1}` … filled in; numbers in the reader's own format, text from right to left
 * isolated from the label around it.
 */
export function formatLabel(label: string, ...values: readonly (string | number)[]): string {
  return label.replace(/\{(\d+)\}/g, (placeholder, index: string) => {
    const value = values[Number(index)]
    if (value === undefined) return placeholder
    return typeof value === 'number' ? numbers.format(value) : isolated(value)
  })
}

/** The label for one or the one for many, with the count as `{0}` and `rest` as `{1}` …; labels know no plural rules. */
export function formatCount(count: number, one: string, many: string, ...rest: readonly (string | number)[]): string {
  return formatLabel(count === 1 ? one : many, count, ...rest)
}

/** Names in a row as the reader's language joins them: `Ana and Ben`. */
export function listNames(names: readonly string[]): string {
  return conjunction.format(names.map(isolated))
}
