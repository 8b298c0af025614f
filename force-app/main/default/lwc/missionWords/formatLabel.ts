import locale from '@salesforce/i18n/locale'

const numbers = new Intl.NumberFormat(locale)
const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' })

/** A label with its placeholders `{0}`, `{1}` … filled in; numbers in the reader's own format. */
export function formatLabel(label: string, ...values: readonly (string | number)[]): string {
  return label.replace(/\{(\d+)\}/g, (placeholder, index: string) => {
    const value = values[Number(index)]
    if (value === undefined) return placeholder
    return typeof value === 'number' ? numbers.format(value) : value
  })
}

/** The label for one or the one for many, with the count as `{0}` and `rest` as `{1}` …; labels know no plural rules. */
export function formatCount(count: number, one: string, many: string, ...rest: readonly (string | number)[]): string {
  return formatLabel(count === 1 ? one : many, count, ...rest)
}

/** Names in a row as the reader's language joins them: `Ana and Ben`. */
export function listNames(names: readonly string[]): string {
  return conjunction.format(names)
}
