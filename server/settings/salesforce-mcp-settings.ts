// The settings of salesforce-mcp as a process of its own.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { OrgLogin } from './brain-settings.ts'
import { readCallers, type CallerKey } from './callers.ts'
import {
  activationDays,
  list,
  ORG_ENVIRONMENT,
  parseEnvironment,
  text,
  watchdogSeconds,
  type Variables,
} from './environment.ts'
import { ed25519Key, orgKeys, privateKey, readNamed, sealKeyIn } from './files.ts'
import type { SealKey } from './key-text.ts'
import { wrongSetting } from './settings-error.ts'

const McpEnvironment = z.object({
  ...ORG_ENVIRONMENT,
  SF_WRITER_CLIENT_ID: text,
  SF_WRITER_USERNAME: text,
  SF_WRITER_KEY_FILE: text,
  SALESFORCE_MCP_SEAL_KEY_FILE: text,
  SALESFORCE_MCP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  SALESFORCE_MCP_HOST: text.default('127.0.0.1'),
  SALESFORCE_MCP_CALLERS_FILE: text.optional(),
  SALESFORCE_MCP_ANSWER_KEY_FILE: text.optional(),
  SALESFORCE_MCP_TLS_CERT_FILE: text.optional(),
  SALESFORCE_MCP_TLS_KEY_FILE: text.optional(),
  SALESFORCE_MCP_ALLOWED_HOSTS: list.optional(),
  SALESFORCE_MCP_ALLOWED_ORIGINS: list.optional(),
  ACTIVATION_DAYS: activationDays,
  WATCHDOG_SECONDS: watchdogSeconds,
})
type McpEnvironment = z.output<typeof McpEnvironment>

interface HttpSettings {
  port: number
  host: string
  callers: CallerKey[]
  /** Ed25519, private: signs answers. */
  answerKey: KeyObject
  /** PEM; null: plain HTTP, on loopback only. */
  tls: { cert: string; key: string } | null
  allowedHosts?: string[]
  allowedOrigins?: string[]
}

export interface SalesforceMcpSettings {
  mcp: {
    orgId: string
    loginUrl: string
    audience?: string
    apiVersion: string
    namespace: string
    reader: OrgLogin
    writer: OrgLogin
    /** PEM, SPKI; one, or the current and the next. */
    orgPublicKeys: string[]
    sealKey: SealKey
    /** How long an activation of a mission lasts. */
    activationDays: number
  }
  /** Null when no port is set: then only stdio is served. */
  http: HttpSettings | null
  /** 0: the process is not watched. */
  watchdogSeconds: number
}

/** Reads the settings and the files they name. Throws SettingsError. */
export function readSalesforceMcpSettings(variables: Variables): SalesforceMcpSettings {
  const env = parseEnvironment(McpEnvironment, variables, { files: true })
  return { mcp: mcpOf(env), http: httpOf(env), watchdogSeconds: env.WATCHDOG_SECONDS }
}

function mcpOf(env: McpEnvironment): SalesforceMcpSettings['mcp'] {
  return {
    orgId: env.ORG_ID,
    loginUrl: env.SF_LOGIN_URL,
    ...(env.SF_AUDIENCE && { audience: env.SF_AUDIENCE }),
    apiVersion: env.SF_API_VERSION,
    namespace: env.SF_NAMESPACE,
    reader: {
      clientId: env.SF_READER_CLIENT_ID,
      username: env.SF_READER_USERNAME,
      privateKeyPem: privateKey('SF_READER_KEY_FILE', env.SF_READER_KEY_FILE),
    },
    writer: {
      clientId: env.SF_WRITER_CLIENT_ID,
      username: env.SF_WRITER_USERNAME,
      privateKeyPem: privateKey('SF_WRITER_KEY_FILE', env.SF_WRITER_KEY_FILE),
    },
    orgPublicKeys: orgKeys(env.SF_ORG_KEY_FILES),
    sealKey: sealKeyIn('SALESFORCE_MCP_SEAL_KEY_FILE', env.SALESFORCE_MCP_SEAL_KEY_FILE),
    activationDays: env.ACTIVATION_DAYS,
  }
}

/** Reads the list of callers of the HTTP door. Throws SettingsError. */
export function readDoorCallers(variables: Variables): CallerKey[] {
  return callersOf(parseEnvironment(McpEnvironment, variables, { files: false }))
}

function callersOf({ SALESFORCE_MCP_CALLERS_FILE: path }: McpEnvironment): CallerKey[] {
  if (path !== undefined) return readCallers(path, new Date())
  throw wrongSetting('SALESFORCE_MCP_CALLERS_FILE', 'is missing: the HTTP door wants to know who may call')
}

function answerKeyOf({ SALESFORCE_MCP_ANSWER_KEY_FILE: path }: McpEnvironment): KeyObject {
  if (path !== undefined) return ed25519Key('SALESFORCE_MCP_ANSWER_KEY_FILE', path)
  throw wrongSetting('SALESFORCE_MCP_ANSWER_KEY_FILE', 'is missing: the HTTP door signs its answers')
}

function httpOf(env: McpEnvironment): HttpSettings | null {
  const { SALESFORCE_MCP_PORT: port, SALESFORCE_MCP_HOST: host } = env
  if (port === undefined) return null
  const tls = tlsOf(env)
  if (!tls && !isLoopback(host)) {
    const why = `is missing: SALESFORCE_MCP_HOST is ${host}, and beyond loopback the HTTP door wants TLS`
    throw wrongSetting('SALESFORCE_MCP_TLS_CERT_FILE', why)
  }
  return {
    port,
    host,
    callers: callersOf(env),
    answerKey: answerKeyOf(env),
    tls,
    ...(env.SALESFORCE_MCP_ALLOWED_HOSTS && { allowedHosts: env.SALESFORCE_MCP_ALLOWED_HOSTS }),
    ...(env.SALESFORCE_MCP_ALLOWED_ORIGINS && { allowedOrigins: env.SALESFORCE_MCP_ALLOWED_ORIGINS }),
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

function tlsOf(env: McpEnvironment): HttpSettings['tls'] {
  const { SALESFORCE_MCP_TLS_CERT_FILE: certFile, SALESFORCE_MCP_TLS_KEY_FILE: keyFile } = env
  if (certFile === undefined && keyFile === undefined) return null
  if (certFile === undefined) throw wrongSetting('SALESFORCE_MCP_TLS_CERT_FILE', 'is missing, as the key is set')
  if (keyFile === undefined) throw wrongSetting('SALESFORCE_MCP_TLS_KEY_FILE', 'is missing, as the certificate is set')
  const cert = readNamed('SALESFORCE_MCP_TLS_CERT_FILE', certFile)
  const key = privateKey('SALESFORCE_MCP_TLS_KEY_FILE', keyFile)
  if (isCertificateOf(key, cert)) return { cert, key }
  throw wrongSetting('SALESFORCE_MCP_TLS_CERT_FILE', `names ${certFile}, which is no certificate of that key`)
}

function isCertificateOf(key: string, cert: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
