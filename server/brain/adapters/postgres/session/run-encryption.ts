import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { canonical } from '../../../../contract/values/canonical.ts'
import { BrainError, ContentsErased } from '../../../domain/errors.ts'
import type { Db } from './database.ts'
import { runKey } from './schema.ts'

/** Largest body accepted, before encryption. */
const BODY_LIMIT = 4 * 1024 * 1024
const KEYS_KEPT = 2000

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
  seal(db: Db, runId: string, value: unknown): Promise<string>
  sealText(db: Db, runId: string, text: string): Promise<string>
  /** Throws ContentsErased when the run's key is gone. */
  open(db: Db, runId: string, sealed: string): Promise<unknown>
  openText(db: Db, runId: string, sealed: string): Promise<string>
  /** Keyed mark: the same text gives the same mark; without the body key it can be neither reversed nor guessed. */
  mark(text: string): string
  /** Drops every key held in memory, because some were destroyed. */
  forgetKeys(): void
}

/** Key objects, not bytes: bytes cost three times as much, because each use makes a key object of them. */
function encrypt(key: KeyObject, about: string, plain: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function decrypt(key: KeyObject, about: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(about))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
}

export function createSeals(orgId: string, bodyKey: Buffer): RunCipher {
  if (bodyKey.length !== 32) throw new TypeError('the body key must have 32 bytes')
  const known = new Map<string, KeyObject>()
  const wrapping = createSecretKey(bodyKey)
  /** Counts how often keys were dropped: a key read before a drop must not be cached after it. */
  let forgotten = 0
  const markKey = createHmac('sha256', bodyKey).update(`${orgId}/marks`).digest()
  const about = (runId: string) => `${orgId}/${runId}`

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

  const sealText = async (db: Db, runId: string, text: string) => {
    const plain = Buffer.from(text, 'utf8')
    if (plain.length > BODY_LIMIT) throw new BodyTooLarge(plain.length)
    return encrypt(await keyOf(db, runId), about(runId), plain)
  }
  const openText = async (db: Db, runId: string, sealed: string) =>
    decrypt(await keyOf(db, runId), about(runId), sealed).toString('utf8')

  return {
    async createKey(db, runId) {
      const key = randomBytes(32)
      // A transaction that runs again makes a new key: the cached one of its first try must not be used.
      known.delete(runId)
      await db.insert(runKey).values({ orgId, runId, wrapped: encrypt(wrapping, about(runId), key) })
    },
    sealText,
    openText,
    seal: (db, runId, value) => sealText(db, runId, canonical(value)),
    open: async (db, runId, sealed): Promise<unknown> => JSON.parse(await openText(db, runId, sealed)),
    mark: (text) => `mark:${createHmac('sha256', markKey).update(text).digest('hex')}`,
    forgetKeys() {
      forgotten += 1
      known.clear()
    },
  }
}
