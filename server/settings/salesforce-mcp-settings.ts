// The settings of salesforce-mcp as a process of its own.
import { z } from 'zod'
import type { OrgLogin } from './brain-settings.ts'
import { list, ORG_ENVIRONMENT, parseEnvironment, text, watchdogSeconds, type Variables } from './environment.ts'
import { longSecret, orgKeys, privateKey, sealKeyIn } from './files.ts'
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
  SALESFORCE_MCP_TOKEN_FILE: text.optional(),
  SALESFORCE_MCP_ALLOWED_HOSTS: list.optional(),
  SALESFORCE_MCP_ALLOWED_ORIGINS: list.optional(),
  WATCHDOG_SECONDS: watchdogSeconds,
})
type McpEnvironment = z.output<typeof McpEnvironment>

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
  }
  /** Null when no port is set: then only stdio is served. */
  http: { port: number; host: string; token: string; allowedHosts?: string[]; allowedOrigins?: string[] } | null
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
  }
}

function httpOf(env: McpEnvironment): SalesforceMcpSettings['http'] {
  const { SALESFORCE_MCP_PORT: port, SALESFORCE_MCP_HOST: host, SALESFORCE_MCP_TOKEN_FILE: file } = env
  if (port === undefined) return null
  if (file === undefined) {
    throw wrongSetting('SALESFORCE_MCP_TOKEN_FILE', 'is missing: the HTTP door wants a bearer token')
  }
  return {
    port,
    host,
    token: longSecret('SALESFORCE_MCP_TOKEN_FILE', file),
    ...(env.SALESFORCE_MCP_ALLOWED_HOSTS && { allowedHosts: env.SALESFORCE_MCP_ALLOWED_HOSTS }),
    ...(env.SALESFORCE_MCP_ALLOWED_ORIGINS && { allowedOrigins: env.SALESFORCE_MCP_ALLOWED_ORIGINS }),
  }
}
