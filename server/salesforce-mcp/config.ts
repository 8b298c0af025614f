import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SalesforceId } from '../contract/values/ids.ts'
import type { SalesforceMcpOptions } from './compose.ts'
import type { HttpDoorSettings } from './http.ts'

/** Every setting that is wrong or missing: one line each, what, where, an example. */
export class ConfigError extends Error {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'ConfigError'
    this.lines = lines
  }
}

export interface Config {
  mcp: SalesforceMcpOptions
  /** Null when no port is set: then only stdio is served. */
  http: HttpDoorSettings | null
}

const EXAMPLES: Record<string, string> = {
  ORG_ID: '00D000000000001EAA',
  SF_LOGIN_URL: 'https://example.my.salesforce.com',
  SF_AUDIENCE: 'https://login.salesforce.com',
  SF_API_VERSION: '66.0',
  SF_READER_CLIENT_ID: 'the consumer key of the reader app',
  SF_READER_USERNAME: 'missions.reader@example.com',
  SF_READER_KEY_FILE: 'secrets/reader.pem',
  SF_WRITER_CLIENT_ID: 'the consumer key of the writer app',
  SF_WRITER_USERNAME: 'missions.writer@example.com',
  SF_WRITER_KEY_FILE: 'secrets/writer.pem',
  SF_ORG_KEY_FILES: 'secrets/org.pem,secrets/org-next.pem',
  SF_NAMESPACE: 'missions',
  SALESFORCE_MCP_SEAL_KEY_FILE: 'secrets/seal.key',
  SALESFORCE_MCP_PORT: '4600',
  SALESFORCE_MCP_HOST: '127.0.0.1',
  SALESFORCE_MCP_TOKEN_FILE: 'secrets/salesforce-mcp.token',
  SALESFORCE_MCP_ALLOWED_HOSTS: 'salesforce-mcp.internal:4600',
  SALESFORCE_MCP_ALLOWED_ORIGINS: 'https://console.example.com',
}

const text = z.string().min(1)
const list = text.transform((value) => value.split(',').map((item) => item.trim()))
const file = text.transform((path, context) => contentOf(path, context) ?? z.NEVER)
const privateKey = file.refine((pem) => isKey(createPrivateKey, pem), 'is not a PEM private key')
const publicKeys = list
  .transform((paths, context) => paths.map((path) => contentOf(path, context) ?? ''))
  .refine((pems) => pems.length <= 2, 'names more than two files')
  .refine((pems) => pems.every((pem) => isKey(createPublicKey, pem)), 'has a file that is not a PEM public key')

const Environment = z.object({
  ORG_ID: SalesforceId,
  SF_LOGIN_URL: z.url({ protocol: /^https?$/ }),
  SF_AUDIENCE: z.url().optional(),
  SF_API_VERSION: z
    .string()
    .regex(/^\d\d\.0$/, 'is not a version')
    .default('66.0'),
  SF_READER_CLIENT_ID: text,
  SF_READER_USERNAME: text,
  SF_READER_KEY_FILE: privateKey,
  SF_WRITER_CLIENT_ID: text,
  SF_WRITER_USERNAME: text,
  SF_WRITER_KEY_FILE: privateKey,
  SF_ORG_KEY_FILES: publicKeys,
  SF_NAMESPACE: z
    .string()
    .regex(/^([A-Za-z]\w{0,14})?$/, 'is not a namespace')
    .default(''),
  SALESFORCE_MCP_SEAL_KEY_FILE: file.refine((key) => Buffer.byteLength(key) >= 32, 'has fewer than 32 bytes'),
  SALESFORCE_MCP_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  SALESFORCE_MCP_HOST: text.default('127.0.0.1'),
  SALESFORCE_MCP_TOKEN_FILE: file.refine((token) => token.length >= 32, 'has fewer than 32 characters').optional(),
  SALESFORCE_MCP_ALLOWED_HOSTS: list.optional(),
  SALESFORCE_MCP_ALLOWED_ORIGINS: list.optional(),
})

/** Reads the settings and the files they name. Throws ConfigError. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in EXAMPLES && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => line(issue, given)))
  const values = parsed.data
  if (values.SALESFORCE_MCP_PORT !== undefined && !values.SALESFORCE_MCP_TOKEN_FILE) {
    throw new ConfigError([example('SALESFORCE_MCP_TOKEN_FILE', 'is missing: the HTTP door wants a bearer token')])
  }
  return { mcp: optionsOf(values), http: doorOf(values) }
}

type Values = z.output<typeof Environment>

function optionsOf(values: Values): SalesforceMcpOptions {
  return {
    orgId: values.ORG_ID,
    loginUrl: values.SF_LOGIN_URL,
    ...(values.SF_AUDIENCE && { audience: values.SF_AUDIENCE }),
    apiVersion: values.SF_API_VERSION,
    reader: {
      clientId: values.SF_READER_CLIENT_ID,
      username: values.SF_READER_USERNAME,
      privateKeyPem: values.SF_READER_KEY_FILE,
    },
    writer: {
      clientId: values.SF_WRITER_CLIENT_ID,
      username: values.SF_WRITER_USERNAME,
      privateKeyPem: values.SF_WRITER_KEY_FILE,
    },
    orgPublicKeys: values.SF_ORG_KEY_FILES,
    sealKey: Buffer.from(values.SALESFORCE_MCP_SEAL_KEY_FILE, 'utf8'),
    namespace: values.SF_NAMESPACE,
  }
}

function doorOf(values: Values): HttpDoorSettings | null {
  const { SALESFORCE_MCP_PORT: port, SALESFORCE_MCP_HOST: host, SALESFORCE_MCP_TOKEN_FILE: token } = values
  if (port === undefined || token === undefined) return null
  return {
    port,
    host,
    token,
    ...(values.SALESFORCE_MCP_ALLOWED_HOSTS && { allowedHosts: values.SALESFORCE_MCP_ALLOWED_HOSTS }),
    ...(values.SALESFORCE_MCP_ALLOWED_ORIGINS && { allowedOrigins: values.SALESFORCE_MCP_ALLOWED_ORIGINS }),
  }
}

function contentOf(path: string, context: z.core.$RefinementCtx): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    context.addIssue({ code: 'custom', message: `names ${path}, which cannot be read`, input: path })
    return null
  }
}

function isKey(create: (pem: string) => unknown, pem: string): boolean {
  try {
    create(pem)
    return true
  } catch {
    return false
  }
}

function line(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
  const name = String(issue.path[0])
  return example(name, name in given ? issue.message : 'is missing')
}

function example(name: string, what: string): string {
  return `${name} ${what}; set it in the environment, e.g. ${name}=${EXAMPLES[name]}`
}
