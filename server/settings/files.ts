// Files that settings name.
import { createPrivateKey, createPublicKey } from 'node:crypto'
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

/** A secret of at least 32 bytes. Throws SettingsError. */
export function longSecret(setting: SettingName, path: string): string {
  const secret = readNamed(setting, path)
  if (Buffer.byteLength(secret) < 32) throw wrongSetting(setting, 'has fewer than 32 bytes')
  return secret
}
