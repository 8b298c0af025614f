// Requests that are wrong in one to three ways, made from right ones by a seed: the same seed gives the same requests.
import { z } from 'zod'
import type { Sent } from './sending.ts'

export interface Chance {
  below(n: number): number
  of<T>(items: readonly T[]): T
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, of: <T>(items: readonly T[]) => items[below(items.length)]! }
}

/** A value that fits a schema about. */
export function sampleOf(schema: z.ZodType): unknown {
  return sample(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
}

type JsonSchema = { [key: string]: unknown } & {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  pattern?: string
  minLength?: number
}

function sample(schema: JsonSchema): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const one = (schema.anyOf ?? schema.oneOf)?.[0]
  if (one) return sample(one)
  if (schema.type === 'object')
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, sample(each)]))
  if (schema.type === 'array') return schema.items ? [sample(schema.items)] : []
  if (schema.type === 'integer' || schema.type === 'number') return 1
  if (schema.type === 'boolean') return true
  if (schema.pattern?.includes('{64}')) return 'a'.repeat(64)
  return 'x'.repeat(Math.max(1, schema.minLength ?? 1))
}

const deep = (levels: number): unknown => {
  let value: unknown = 1
  for (let n = 0; n < levels; n++) value = n % 2 ? [value] : { a: value }
  return value
}

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 31,
  2 ** 53,
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud83d',
  '\udc00x',
  '👩‍👩‍👧'.repeat(40),
  'a'.repeat(300),
  'a'.repeat(5_000),
  'a'.repeat(70_000),
  '\u202Eevil\u2066',
  '@{op0.id}',
  "' OR 1=1 --",
  '"; DROP TABLE run; --',
  '../../../etc/passwd',
  '%00',
  '{{7*7}}',
  'NaN',
  '1e400',
  '-0',
  [],
  {},
  [[]],
  [null],
  { a: { b: {} } },
  Array.from({ length: 2_000 }, (_, n) => n),
  Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`k${n}`, n])),
  deep(40),
  deep(2_000),
]
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'id',
  'ID',
  '',
  '\0',
  '\ud83d',
  'a'.repeat(300),
  'status',
]
const JUNK = [
  '}',
  ']',
  ',',
  '"',
  '\\',
  '\0',
  '\u2028',
  'NaN',
  '//',
  "'",
  '{',
  '1e99999',
  '9'.repeat(5_000),
  '\\ud83d',
  '\uFEFF',
]
const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=koi8-r',
  'application/json; charset=utf-16',
  'application/json; charset="',
  'application/json;;;',
  'APPLICATION/JSON',
  'application/problem+json',
  'application/xml',
  '*/*',
  '',
  'a'.repeat(2_000),
]
const ENCODINGS = ['br', 'gzip', 'deflate', 'zstd', 'identity', 'gzip, br', 'compress', 'x', '']
const METHODS = ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'REPORT', 'POST', 'GET']
const PATHS = [
  '%',
  '%zz',
  '%ff',
  '%c0%80',
  '%00',
  '%2e%2e%2f',
  '..',
  '//',
  ';a=b',
  '%ed%a0%bd',
  'a'.repeat(4_000),
  '%25',
  '%0d%0a',
  '*',
  ':',
]
const QUERIES = [
  'limit=0',
  'limit=-1',
  'limit=1e9',
  'limit=9007199254740993',
  'limit=NaN',
  'limit=1&limit=2',
  'before=%00',
  'before=..',
  'after=1',
  'after=99999999999999999999.1',
  'after=-1.-1',
  'status=odd',
  'status[]=open',
  'record=123',
  'record=%ff',
  'mission=%ed%a0%bd',
  'version=2147483648',
  'from=yesterday&to=tomorrow',
  '__proto__=1',
  'a[b][c]=1',
  '&&&=&',
  '%',
  Array.from({ length: 1_500 }, (_, n) => `p${n}=1`).join('&'),
]
/** No content-length beyond the body: the server waits for the rest, as it must. */
const HEADERS: [string, string[]][] = [
  ['idempotency-key', ['', 'short', 'a'.repeat(129), '\u00ff'.repeat(20), 'key-12345, key-12345']],
  ['last-event-id', ['1', '-1', '18446744073709551616.1', 'nonsense', '\u00ff', '1.9223372036854775808']],
  ['accept', ['', 'text/csv', 'application/xml', '*/*;q=9', 'a'.repeat(2_000), 'text/event-stream']],
  ['mcp-protocol-version', ['', '1900-01-01', 'latest', '\u00ff']],
  ['mcp-session-id', ['x', '', '..']],
  ['range', ['bytes=0-1', 'bytes=-', 'bytes=9-1']],
  ['if-none-match', ['*', '"x"']],
  ['expect', ['200-ok']],
  ['x-http-method-override', ['DELETE']],
  ['x-forwarded-host', ['evil.example']],
  ['content-length', ['0', '-1', '1e3', '0x3']],
  ['cookie', ['a'.repeat(4_000), '=;=;']],
]

/** A request with its body still as a value. */
export interface Right {
  method: string
  path: string
  headers: Record<string, string>
  body: unknown
}

/** The request, made wrong. */
export function malformed(right: Right, chance: Chance): Sent {
  const sent = { ...right, headers: { ...right.headers }, body: structuredClone(right.body) }
  let bytes: Buffer | null = null
  const value = () => void (sent.body = changedValue(sent.body, chance))
  const text = () => void (bytes = brokenText(JSON.stringify(sent.body ?? {}), chance))
  const path = () => void (sent.path = brokenPath(sent.path, chance))
  const query = () => void (sent.path += `${sent.path.includes('?') ? '&' : '?'}${chance.of(QUERIES)}`)
  const header = () => {
    const [name, values] = chance.of(HEADERS)
    sent.headers[name] = chance.of(values)
  }
  const type = () => void (sent.headers['content-type'] = chance.of(TYPES))
  const encoding = () => void (sent.headers['content-encoding'] = chance.of(ENCODINGS))
  const method = () => void (sent.method = chance.of(METHODS))
  const ways = [
    ...(right.body === null ? [] : [value, value, value, text, text]),
    path,
    query,
    header,
    type,
    encoding,
    method,
  ]
  for (let n = 1 + chance.below(3); n > 0; n--) chance.of(ways)()
  const body = bytes ?? (sent.body === null ? null : Buffer.from(textOf(sent.body)))
  return { ...sent, body }
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? 'undefined'

/** One place of the value is replaced, left out, or gets a key that is not there. */
function changedValue(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.below(4) === 0) return chance.of(VALUES)
  const entries = Object.entries(value)
  const extra = () => [chance.of(KEYS), chance.of(VALUES)] as const
  const n = chance.below(entries.length + 1)
  if (n === entries.length) return Array.isArray(value) ? [...value, chance.of(VALUES)] : withKey(entries, extra())
  if (chance.below(5) === 0) entries.splice(n, 1)
  else entries[n] = [entries[n]![0], changedValue(entries[n]![1], chance)]
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

/** `__proto__` too becomes a key of its own. */
const withKey = (entries: [string, unknown][], extra: readonly [string, unknown]) =>
  Object.fromEntries([...entries, extra])

function brokenText(text: string, chance: Chance): Buffer {
  const at = chance.below(text.length + 1)
  const bytes = Buffer.from(text)
  switch (chance.below(7)) {
    case 0:
      return Buffer.from(text.slice(0, at))
    case 1:
      return Buffer.from(text.slice(0, at) + chance.of(JUNK) + text.slice(at))
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc0, 0x80]), bytes.subarray(at)])
    case 3:
      return Buffer.from(text, 'utf16le')
    case 4:
      return Buffer.from(`${text}${text}`)
    case 5:
      return Buffer.from('['.repeat(1 + chance.below(30_000)))
    default:
      return Buffer.from(text.replace('{', `{"__proto__":{"isAdmin":true},`))
  }
}

function brokenPath(path: string, chance: Chance): string {
  const parts = path.split('/')
  const n = 1 + chance.below(parts.length - 1)
  parts[n] = chance.below(2) ? chance.of(PATHS) : `${parts[n]}${chance.of(PATHS)}`
  return parts.join('/')
}
