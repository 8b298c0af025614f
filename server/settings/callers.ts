// The processes that may call salesforce-mcp: their public keys, and what each may do until when.
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { CallerName, keyId, Scope } from '../contract/call-token.ts'
import { ed25519PublicKey, readNamed } from './files.ts'
import { wrongSetting } from './settings-error.ts'

const SETTING = 'SALESFORCE_MCP_CALLERS_FILE'
/** The longest life of a key: it is replaced before. */
const MOST_DAYS = 90
const SOON_DAYS = 14
const DAY_MS = 86_400_000

const Time = z.iso.datetime({ offset: true })
const Entry = z.strictObject({
  name: CallerName,
  /** PEM, SPKI. */
  key: z.string().max(1_000),
  scopes: z.array(Scope).min(1),
  notBefore: Time,
  notAfter: Time,
})
export type CallerEntry = z.infer<typeof Entry>

/** A key that may call. A caller has several while one is being replaced. */
export interface CallerKey {
  name: string
  /** Ed25519, public. */
  key: KeyObject
  scopes: readonly Scope[]
  /** Milliseconds. */
  notBefore: number
  notAfter: number
}

/** The entries of the file, ended ones too. Throws SettingsError. */
export function readCallerEntries(path: string): CallerEntry[] {
  const parsed = z.array(Entry).min(1).max(100).safeParse(jsonOf(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrongSetting(
    SETTING,
    `leads to ${path}, which is no list of callers (${issue?.path.join('.')}: ${issue?.message})`,
  )
}

/**
 * The keys that may call now or later. Throws SettingsError for a key that is no Ed25519 key, stands there twice or may be used for more than
 * 90 days, and for a caller whose last key has ended.
 */
export function readCallers(path: string, now: Date): CallerKey[] {
  const wrong = (what: string) => wrongSetting(SETTING, `leads to ${path}, where ${what}`)
  const keys = readCallerEntries(path).map(({ name, key, scopes, notBefore, notAfter }): CallerKey => {
    const publicKey = ed25519PublicKey(key)
    if (!publicKey) throw wrong(`a key of ${name} is no Ed25519 public key`)
    const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)]
    if (to <= from || to - from > MOST_DAYS * DAY_MS)
      throw wrong(`a key of ${name} may be used for other than 1 to ${MOST_DAYS} days`)
    return { name, key: publicKey, scopes, notBefore: from, notAfter: to }
  })
  const ids = keys.map(({ key }) => keyId(key))
  const twice = keys.find((_, n) => ids.indexOf(ids[n] ?? '') !== n)
  if (twice) throw wrong(`a key of ${twice.name} stands twice: each process has its own`)
  const open = keys.filter(({ notAfter }) => notAfter > now.getTime())
  const ended = keys.find(({ name }) => !open.some((each) => each.name === name))
  if (ended)
    throw wrong(`the last key of ${ended.name} ended on ${new Date(ended.notAfter).toISOString().slice(0, 10)}`)
  return open
}

/** Callers whose last key ends within a fortnight, and when. */
export function endingSoon(callers: readonly CallerKey[], now: Date): { name: string; endsAt: string }[] {
  const last = new Map<string, number>()
  for (const { name, notAfter } of callers) last.set(name, Math.max(notAfter, last.get(name) ?? 0))
  const soon = [...last].filter(([, notAfter]) => notAfter - now.getTime() < SOON_DAYS * DAY_MS)
  return soon.map(([name, notAfter]) => ({ name, endsAt: new Date(notAfter).toISOString() }))
}

function jsonOf(path: string): unknown {
  const text = readNamed(SETTING, path)
  try {
    return JSON.parse(text)
  } catch {
    throw wrongSetting(SETTING, `leads to ${path}, which is not JSON`)
  }
}
