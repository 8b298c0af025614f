import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import { canonical } from '../../../../contract/values/canonical.ts'
import { BrainError, ContentsEdited, ContentsErased } from '../../../domain/errors.ts'
import type { Db } from './database.ts'
import type { Place } from './places.ts'
import { runKey } from './schema.ts'

/** Largest body accepted, before encryption. */
const BODY_LIMIT = 4 * 1024 * 1024
const KEYS_KEPT = 2000
const TAG_BYTES = 16
/** Begins what was sealed for its place. Earlier values were sealed for their run only, and begin with no version. */
const VERSION = '2:'

class BodyTooLarge extends BrainError {
  readonly code = 'body-too-large'
  readonly bytes: number
  constructor(bytes: number) {
    super(`a body of ${bytes} bytes is over the limit of ${BODY_LIMIT}`)
    this.bytes = bytes
  }
}

/**
 * Encrypts the contents of runs (AES-256-GCM) under one key per run, wrapped by the body key: destroying one row of `run_key`
 * destroys one run's contents.
 */
export interface RunCipher {
  createKey(db: Db, runId: string): Promise<void>
  seal(db: Db, place: Place, value: unknown): Promise<string>
  /** Throws ContentsErased when the run's key is gone, Error when the value was sealed for another place or changed. */
  open(db: Db, place: Place, sealed: string): Promise<unknown>
  openText(db: Db, place: Place, sealed: string): Promise<string>
  /** Reads the keys of several runs at once, so that opening their values asks for none. */
  prepare(db: Db, runIds: readonly string[]): Promise<void>
  /** Keyed mark: the same text gives the same mark; without the body key it can be neither reversed nor guessed. */
  mark(text: string): string
  /** Drops every key held in memory, because some were destroyed. */
  forgetKeys(): void
}

/** Key objects, not bytes: bytes cost three times as much, because each use makes a key object of them. */
function encrypt(key: KeyObject, about: string, plain: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** Throws ContentsEdited. */
function decrypt(key: KeyObject, about: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const options = { authTagLength: TAG_BYTES }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), options).setAAD(Buffer.from(about))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
  } catch (cause) {
    throw Object.assign(new ContentsEdited(`the contents of ${about} are not as they were written`), { cause })
  }
}

export function createSeals(orgId: string, bodyKey: Buffer): RunCipher {
  if (bodyKey.length !== 32) throw new TypeError('the body key must have 32 bytes')
  const known = new Map<string, KeyObject>()
  const wrapping = createSecretKey(bodyKey)
  /** Counts how often keys were dropped: a key read before a drop must not be cached after it. */
  let forgotten = 0
  const markKey = createHmac('sha256', bodyKey).update(`${orgId}/marks`).digest()
  const about = (runId: string) => `${orgId}/${runId}`
  const aboutPlace = ({ runId, table, row }: Place) => JSON.stringify([VERSION, orgId, runId, table, row])

  const remember = (runId: string, key: KeyObject) => {
    if (known.size >= KEYS_KEPT) known.delete(known.keys().next().value ?? '')
    known.set(runId, key)
  }

  const keyOf = async (db: Db, runId: string): Promise<KeyObject> => {
    const held = known.get(runId)
    if (held) return held
    const asked = forgotten
    const [row] = await db
      .select()
      .from(runKey)
      .where(and(eq(runKey.orgId, orgId), eq(runKey.runId, runId)))
    if (!row) throw new ContentsErased(runId)
    const key = createSecretKey(decrypt(wrapping, about(runId), row.wrapped))
    if (asked === forgotten) remember(runId, key)
    return key
  }

  const openText = async (db: Db, place: Place, sealed: string) => {
    const key = await keyOf(db, place.runId)
    const opened = sealed.startsWith(VERSION)
      ? decrypt(key, aboutPlace(place), sealed.slice(VERSION.length))
      : decrypt(key, about(place.runId), sealed)
    return opened.toString('utf8')
  }

  return {
    async createKey(db, runId) {
      const key = randomBytes(32)
      // A transaction that runs again makes a new key: the cached one of its first try must not be used.
      known.delete(runId)
      await db.insert(runKey).values({ orgId, runId, wrapped: encrypt(wrapping, about(runId), key) })
    },
    openText,
    async seal(db, place, value) {
      const plain = Buffer.from(canonical(value), 'utf8')
      if (plain.length > BODY_LIMIT) throw new BodyTooLarge(plain.length)
      return `${VERSION}${encrypt(await keyOf(db, place.runId), aboutPlace(place), plain)}`
    },
    async prepare(db, runIds) {
      const missing = [...new Set(runIds)].filter((id) => !known.has(id))
      // One key is read when it is wanted.
      if (missing.length < 2) return
      const asked = forgotten
      const rows = await db
        .select()
        .from(runKey)
        .where(and(eq(runKey.orgId, orgId), inArray(runKey.runId, missing)))
      if (asked !== forgotten) return
      for (const { runId, wrapped } of rows) remember(runId, createSecretKey(decrypt(wrapping, about(runId), wrapped)))
    },
    open: async (db, place, sealed): Promise<unknown> => JSON.parse(await openText(db, place, sealed)),
    mark: (text) => `mark:${createHmac('sha256', markKey).update(text).digest('hex')}`,
    forgetKeys() {
      forgotten += 1
      known.clear()
    },
  }
}
