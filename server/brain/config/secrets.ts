// Keys and tokens: read from the files that settings name, or made once and kept in the data folder.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createWhole } from '../../data-folder/whole-file.ts'
import { ConfigError, settingLine, type Environment } from './env.ts'

/** A file's text, trimmed. Throws ConfigError with a line that names the setting. */
export function readNamed(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new ConfigError(settingLine(setting, `names ${path}, which cannot be read`))
  }
}

/** A PEM private key. Throws ConfigError. */
export function privateKey(setting: string, path: string): string {
  const pem = readNamed(setting, path)
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    throw new ConfigError(settingLine(setting, `names ${path}, which is not a PEM private key`))
  }
}

/** The org's public keys or certificates as SPKI PEM: the current one and, while it is being changed, the next. */
export function orgKeys(paths: readonly string[]): string[] {
  const setting = 'SF_ORG_KEY_FILES'
  if (paths.length > 2) throw new ConfigError(settingLine(setting, 'names more than two files'))
  return paths.map((path) => {
    const pem = readNamed(setting, path)
    try {
      return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
    } catch {
      throw new ConfigError(settingLine(setting, `names ${path}, which is not a PEM public key`))
    }
  })
}

/** Makes the file unless it is there: of processes that start at the same time one makes it, and all read the same. */
function keep(path: string, text: () => string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) createWhole(path, text())
}

/** 32 bytes as hex, made on the first start. */
function keptKey(path: string): Buffer {
  keep(path, () => `${randomBytes(32).toString('hex')}\n`)
  return keyIn('DATA_DIR', path)
}

function keyIn(setting: string, path: string): Buffer {
  const key = Buffer.from(readNamed(setting, path), 'hex')
  if (key.length !== 32) throw new ConfigError(settingLine(setting, `leads to ${path}, which is not 64 hex digits`))
  return key
}

/** Wraps the keys under which runs are kept. Losing it loses every run's contents. */
export function bodyKey({ BODY_KEY_FILE, DATA_DIR }: Environment): Buffer {
  return BODY_KEY_FILE ? keyIn('BODY_KEY_FILE', BODY_KEY_FILE) : keptKey(join(DATA_DIR, 'keys', 'body.key'))
}

/**
 * Signs checkpoints (Ed25519). One that is made here has its public half beside it, `checkpoint.pub.pem`: whoever audits should
 * be given that half early, and keep it elsewhere.
 */
export function checkpointKey({ CHECKPOINT_KEY_FILE, DATA_DIR }: Environment): KeyObject {
  const setting = CHECKPOINT_KEY_FILE ? 'CHECKPOINT_KEY_FILE' : 'DATA_DIR'
  const path = CHECKPOINT_KEY_FILE ?? join(DATA_DIR, 'keys', 'checkpoint.pem')
  if (!CHECKPOINT_KEY_FILE) {
    keep(path, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  const key = createPrivateKey(privateKey(setting, path))
  if (key.asymmetricKeyType !== 'ed25519')
    throw new ConfigError(settingLine(setting, `leads to ${path}, which is no Ed25519 key`))
  if (!CHECKPOINT_KEY_FILE) {
    const publicPath = join(DATA_DIR, 'keys', 'checkpoint.pub.pem')
    keep(publicPath, () => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString())
  }
  return key
}

/** Seals accepted decisions when salesforce-mcp runs inside this process. */
export function sealKey({ SALESFORCE_MCP_SEAL_KEY_FILE: file, DATA_DIR }: Environment): Buffer {
  if (!file) return keptKey(join(DATA_DIR, 'keys', 'seal.key'))
  const key = Buffer.from(readNamed('SALESFORCE_MCP_SEAL_KEY_FILE', file), 'utf8')
  if (key.length < 32) throw new ConfigError(settingLine('SALESFORCE_MCP_SEAL_KEY_FILE', 'has fewer than 32 bytes'))
  return key
}
