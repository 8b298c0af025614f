import { XMLBuilder } from 'fast-xml-parser'

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
})

/** XML text of nested objects; `@name` keys become attributes, `undefined` is left out, `null` becomes `xsi:nil`. */
export function buildXml(value: Record<string, unknown>): string {
  return builder.build(prepare(value)) as string
}

function prepare(value: unknown): unknown {
  if (value === null) return { '@xsi:nil': 'true' }
  if (Array.isArray(value)) return value.map(prepare)
  if (typeof value === 'string') return writable(value)
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return Object.fromEntries(entries.map(([name, child]) => [name, name.startsWith('@') ? child : prepare(child)]))
}

/** Leaves out the characters that XML 1.0 cannot carry at all. */
function writable(text: string): string {
  const kept = text.replace(/\p{Cc}/gu, (control) => ('\t\n\r'.includes(control) || control > '\x7e' ? control : ''))
  return kept.replace(/[\uFFFE\uFFFF]/g, '')
}
