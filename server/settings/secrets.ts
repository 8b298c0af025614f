// Keys that are read from a named file, or made once and kept in the data folder.
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ownFolder } from '../data-folder/own-folder.ts'
import { createWhole } from '../data-folder/whole-file.ts'
import type { BrainEnvironment } from './brain-environment.ts'
import { ed25519Key, readNamed, sealKeyIn } from './files.ts'
import { hexKeyOf, type SealKey } from './key-text.ts'
import type { SettingName } from './setting-table.ts'
import { wrongSetting } from './settings-error.ts'

/** Makes the file in `DATA_DIR/keys` unless it is there: of processes that start at the same time one makes it, and all read the same. */
function keep(path: string, text: () => string): void {
  ownFolder(dirname(dirname(path)))
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) createWhole(path, text())
}

interface KeyFile {
  setting: SettingName
  path: string
}

/** The file that the setting names, else the one of this name in the data folder, made on the first start: 64 hex digits. */
function keyFile(setting: SettingName, named: string | undefined, dataDir: string, name: string): KeyFile {
  if (named) return { setting, path: named }
  const path = join(dataDir, 'keys', name)
  keep(path, () => `${randomBytes(32).toString('hex')}\n`)
  return { setting: 'DATA_DIR', path }
}

/** Wraps the keys under which runs are kept. Losing it loses every run's contents. */
export function bodyKey({ BODY_KEY_FILE, DATA_DIR }: BrainEnvironment): Buffer {
  const { setting, path } = keyFile('BODY_KEY_FILE', BODY_KEY_FILE, DATA_DIR, 'body.key')
  const key = hexKeyOf(readNamed(setting, path))
  if (!key) throw wrongSetting(setting, `leads to ${path}, which is not 64 hex digits`)
  return key
}

/**
 * Signs checkpoints (Ed25519). One that is made here has its public half beside it, `checkpoint.pub.pem`: whoever audits should
 * be given that half early, and keep it elsewhere.
 */
export function checkpointKey({ CHECKPOINT_KEY_FILE, DATA_DIR }: BrainEnvironment): KeyObject {
  const setting = CHECKPOINT_KEY_FILE ? 'CHECKPOINT_KEY_FILE' : 'DATA_DIR'
  const path = CHECKPOINT_KEY_FILE ?? join(DATA_DIR, 'keys', 'checkpoint.pem')
  if (!CHECKPOINT_KEY_FILE) {
    keep(path, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  const key = ed25519Key(setting, path)
  if (!CHECKPOINT_KEY_FILE) {
    const publicPath = join(DATA_DIR, 'keys', 'checkpoint.pub.pem')
    keep(publicPath, () => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString())
  }
  return key
}

/** Seals accepted decisions when salesforce-mcp runs inside this process. */
export function sealKey({ SALESFORCE_MCP_SEAL_KEY_FILE: file, DATA_DIR }: BrainEnvironment): SealKey {
  const { setting, path } = keyFile('SALESFORCE_MCP_SEAL_KEY_FILE', file, DATA_DIR, 'seal.key')
  return sealKeyIn(setting, path)
}
