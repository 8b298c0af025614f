// Key files of salesforce-mcp's door: one pair for each caller, one for the answers.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { createWhole } from '../../server/data-folder/whole-file.ts'
import type { Scope } from '../../server/contract/call-token.ts'
import { readCallerEntries, readCallers, type CallerEntry } from '../../server/settings/callers.ts'

const DAY_MS = 86_400_000

/** A file that is there already: no key is written over. */
export class FileExists extends Error {}

interface NewCaller {
  name: string
  scopes: readonly Scope[]
  days: number
  /** Gets the private key. */
  keyFile: string
  /** Gets the public key; made when it is not there. */
  callersFile: string
}

/** Makes a key for a caller and adds it to the list. Throws FileExists, or SettingsError when the list is wrong then. */
export function addCaller({ name, scopes, days, keyFile, callersFile }: NewCaller, now: Date): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const entry: CallerEntry = {
    name,
    key: pemOf(publicKey),
    scopes: [...scopes],
    notBefore: now.toISOString(),
    notAfter: new Date(now.getTime() + days * DAY_MS).toISOString(),
  }
  const entries = existsSync(callersFile) ? readCallerEntries(callersFile) : []
  const draft = `${callersFile}.new`
  writeFileSync(draft, `${JSON.stringify([...entries, entry], null, 2)}\n`, { mode: 0o600 })
  readCallers(draft, now)
  keepPrivate(keyFile, privateKey)
  renameSync(draft, callersFile)
}

/** Makes the key that signs answers, and its public half beside it; gives that one's path. Throws FileExists. */
export function makeAnswerKey(keyFile: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  keepPrivate(keyFile, privateKey)
  const publicFile = `${keyFile.replace(/\.pem$/, '')}.pub.pem`
  writeFileSync(publicFile, pemOf(createPublicKey(privateKey)))
  return publicFile
}

function keepPrivate(file: string, key: KeyObject): void {
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  if (!createWhole(file, pem)) throw new FileExists(`${file} is there already`)
}

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
