// Files that settings name.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { wrongSetting } from './settings-error.ts'
import { sealKeyOf, type SealKey } from './key-text.ts'
import type { SettingName } from './setting-table.ts'

/** A file's text, trimmed. Throws SettingsError. */
export function readNamed(setting: SettingName, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw wrongSetting(setting, `names ${path}, which cannot be read`)
  }
}

/** A PEM private key. Throws SettingsError. */
export function privateKey(setting: SettingName, path: string): string {
  const pem = readNamed(setting, path)
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    throw wrongSetting(setting, `names ${path}, which is not a PEM private key`)
  }
}

/** The org's public keys or certificates as SPKI PEM: the current one and, while it is being changed, the next. Throws SettingsError. */
export function orgKeys(paths: readonly string[]): string[] {
  const setting = 'SF_ORG_KEY_FILES'
  if (paths.length > 2) throw wrongSetting(setting, 'names more than two files')
  return paths.map((path) => {
    const pem = readNamed(setting, path)
    try {
      return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
    } catch {
      throw wrongSetting(setting, `names ${path}, which is not a PEM public key`)
    }
  })
}

/** The key that seals accepted decisions. Throws SettingsError. */
export function sealKeyIn(setting: SettingName, path: string): SealKey {
  const key = sealKeyOf(readNamed(setting, path))
  if (!key) throw wrongSetting(setting, `leads to ${path}, which has fewer than 32 bytes`)
  return key
}

/** A private Ed25519 key. Throws SettingsError. */
export function ed25519Key(setting: SettingName, path: string): KeyObject {
  const key = createPrivateKey(privateKey(setting, path))
  if (key.asymmetricKeyType !== 'ed25519') throw wrongSetting(setting, `leads to ${path}, which is no Ed25519 key`)
  return key
}

/** Public Ed25519 keys: the current one and, while it is being changed, the next. Throws SettingsError. */
export function ed25519PublicKeys(setting: SettingName, paths: readonly string[]): KeyObject[] {
  if (paths.length > 2) throw wrongSetting(setting, 'names more than two files')
  return paths.map((path) => {
    const pem = readNamed(setting, path)
    const key = ed25519PublicKey(pem)
    if (!key) throw wrongSetting(setting, `leads to ${path}, which is no Ed25519 public key`)
    return key
  })
}

/** The public Ed25519 key of a PEM text; null for any other text, a private key's too. */
export function ed25519PublicKey(pem: string): KeyObject | null {
  if (pem.includes('PRIVATE')) return null
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}
