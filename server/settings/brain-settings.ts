// The brain's settings: environment, then the files it names, as one typed value.
import type { KeyObject } from 'node:crypto'
import { resolve } from 'node:path'
import type { Caller } from '../contract/call-token.ts'
import { microsOf, type TokenPrice } from '../contract/values/money.ts'
import { brainEnvironment, type BrainEnvironment } from './brain-environment.ts'
import { callerOf } from './caller.ts'
import type { Variables } from './environment.ts'
import { orgKeys, privateKey } from './files.ts'
import type { SealKey } from './key-text.ts'
import { bodyKey, checkpointKey, sealKey } from './secrets.ts'

export interface OrgLogin {
  clientId: string
  username: string
  privateKeyPem: string
}

export interface BrainSettings {
  /** 0 takes any free port. */
  port: number
  host: string
  /** Null: the address it comes to listen on. */
  publicUrl: string | null
  allowedOrigins: string[]
  /** `web` serves HTTP only, `jobs` works on jobs and listens to the org, `all` does both. */
  role: 'all' | 'web' | 'jobs'
  logLevel: string
  orgId: string
  /** PEM, SPKI; one, or the current and the next. */
  orgKeys: string[]
  dataDir: string
  /** Null: PGlite under `dataDir`. */
  databaseUrl: string | null
  /** Null: the queue lives in the database. */
  redisUrl: string | null
  bodyKey: Buffer
  /** Ed25519, private. */
  checkpointKey: KeyObject
  /** Null: the missions that are shipped. */
  missionsDir: string | null
  holdSeconds: number
  settleSeconds: number
  /** How long a phase may stand still before its thread is ended. */
  phaseSeconds: number
  /** 0: the process is not watched. */
  watchdogSeconds: number
  /** Contents of runs are erased so long after their end; null: never. */
  retentionDays: number | null
  /** Contents about a record are erased so long after its deletion in Salesforce; null: never. */
  eraseDeletedDays: number | null
  salesforce: {
    loginUrl: string
    audience: string
    apiVersion: string
    namespace: string
    pubSubEndpoint: string
    reader: OrgLogin
    mcp:
      | { kind: 'inside'; writer: OrgLogin; sealKey: SealKey; activationDays: number }
      | { kind: 'remote'; url: string; caller: Caller }
  }
  /** Null: the rulebook alone. */
  llm: { baseUrl: string; model: string; apiKey: string; price: TokenPrice | null } | null
}

/** Reads settings and the files they name, making missing keys of the data folder. Throws SettingsError. */
export function readBrainSettings(variables: Variables): BrainSettings {
  const env = brainEnvironment(variables, { files: true })
  return {
    port: env.PORT,
    host: env.LISTEN_HOST,
    publicUrl: env.PUBLIC_URL ?? null,
    allowedOrigins: env.ALLOWED_ORIGINS,
    role: env.ROLE,
    logLevel: env.LOG_LEVEL,
    orgId: env.ORG_ID,
    orgKeys: orgKeys(env.SF_ORG_KEY_FILES),
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    bodyKey: bodyKey(env),
    checkpointKey: checkpointKey(env),
    missionsDir: env.MISSIONS_DIR ?? null,
    holdSeconds: env.HOLD_SECONDS,
    settleSeconds: env.SETTLE_SECONDS,
    phaseSeconds: env.PHASE_SECONDS,
    watchdogSeconds: env.WATCHDOG_SECONDS,
    retentionDays: env.RETENTION_DAYS ?? null,
    eraseDeletedDays: env.ERASE_DELETED_DAYS ?? null,
    salesforce: salesforceOf(env),
    llm: llmOf(env),
  }
}

function salesforceOf(env: BrainEnvironment): BrainSettings['salesforce'] {
  return {
    loginUrl: env.SF_LOGIN_URL,
    audience: env.SF_AUDIENCE ?? new URL(env.SF_LOGIN_URL).origin,
    apiVersion: env.SF_API_VERSION,
    namespace: env.SF_NAMESPACE,
    pubSubEndpoint: env.SF_PUBSUB_ENDPOINT,
    reader: {
      clientId: env.SF_READER_CLIENT_ID,
      username: env.SF_READER_USERNAME,
      privateKeyPem: privateKey('SF_READER_KEY_FILE', env.SF_READER_KEY_FILE),
    },
    mcp: mcpOf(env),
  }
}

function mcpOf(env: BrainEnvironment): BrainSettings['salesforce']['mcp'] {
  if (env.SALESFORCE_MCP_URL) {
    return { kind: 'remote', url: env.SALESFORCE_MCP_URL, caller: callerOf(env) }
  }
  const writer = {
    clientId: env.SF_WRITER_CLIENT_ID ?? '',
    username: env.SF_WRITER_USERNAME ?? '',
    privateKeyPem: privateKey('SF_WRITER_KEY_FILE', env.SF_WRITER_KEY_FILE ?? ''),
  }
  return { kind: 'inside', writer, sealKey: sealKey(env), activationDays: env.ACTIVATION_DAYS }
}

function llmOf({
  LLM_BASE_URL: baseUrl,
  LLM_MODEL: model,
  LLM_API_KEY: apiKey,
  LLM_PRICE_INPUT: input,
  LLM_PRICE_OUTPUT: output,
  LLM_CURRENCY: currency,
}: BrainEnvironment): BrainSettings['llm'] {
  const price = input && output && currency ? { input: microsOf(input), output: microsOf(output), currency } : null
  return baseUrl && model && apiKey ? { baseUrl, model, apiKey, price } : null
}
