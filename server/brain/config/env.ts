// What the environment must say, and how a wrong or missing setting is told: one line each, with an example.
import { z } from 'zod'
import { SalesforceId } from '../../contract/values/ids.ts'

/** The start cannot be: the message has one line per wrong or missing setting. */
export class ConfigError extends Error {}

const text = z.string().min(1)
const list = text.transform((value) => value.split(',').map((item) => item.trim()))
const origin = z.url({ protocol: /^https?$/ }).transform((value) => new URL(value).origin)
const seconds = z.coerce.number().min(0).max(86_400)

export const Environment = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
    LISTEN_HOST: text.default('127.0.0.1'),
    PUBLIC_URL: origin.optional(),
    ALLOWED_ORIGINS: list.pipe(z.array(origin)).default([]),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    REDIS_URL: z.url({ protocol: /^rediss?$|^unix$/ }).optional(),
    DATA_DIR: text.default('.data'),
    BODY_KEY_FILE: text.optional(),
    CHECKPOINT_KEY_FILE: text.optional(),
    MISSIONS_DIR: text.optional(),
    ROLE: z.enum(['all', 'web']).default('all'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    ORG_ID: SalesforceId,
    SF_LOGIN_URL: z.url({ protocol: /^https?$/ }),
    SF_AUDIENCE: z.url().optional(),
    SF_API_VERSION: z
      .string()
      .regex(/^\d\d\.0$/)
      .default('66.0'),
    SF_NAMESPACE: z.string().default(''),
    SF_PUBSUB_ENDPOINT: z
      .string()
      .regex(/^[\w.-]+:\d+$/, 'is not host:port')
      .default('api.pubsub.salesforce.com:7443'),
    SF_READER_CLIENT_ID: text,
    SF_READER_USERNAME: text,
    SF_READER_KEY_FILE: text,
    SF_WRITER_CLIENT_ID: text.optional(),
    SF_WRITER_USERNAME: text.optional(),
    SF_WRITER_KEY_FILE: text.optional(),
    SF_ORG_KEY_FILES: list,
    SALESFORCE_MCP_URL: z.url({ protocol: /^https?$/ }).optional(),
    SALESFORCE_MCP_TOKEN_FILE: text.optional(),
    SALESFORCE_MCP_SEAL_KEY_FILE: text.optional(),
    LLM_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    LLM_MODEL: text.optional(),
    LLM_API_KEY: text.optional(),
    HOLD_SECONDS: seconds.default(10),
    SETTLE_SECONDS: seconds.default(120),
    RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  })
  .superRefine((values, context) => {
    const want = (name: keyof typeof values, why: string) => {
      if (values[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: why })
    }
    if (values.SALESFORCE_MCP_URL) want('SALESFORCE_MCP_TOKEN_FILE', 'is missing, as SALESFORCE_MCP_URL is set')
    else {
      const why = 'is missing: salesforce-mcp runs inside this process unless SALESFORCE_MCP_URL is set'
      for (const name of WRITER) want(name, why)
    }
    if (LLM.some((name) => values[name] !== undefined)) {
      for (const name of LLM) want(name, 'is missing: the LLM_ settings are wanted all or none')
    }
  })

const WRITER = ['SF_WRITER_CLIENT_ID', 'SF_WRITER_USERNAME', 'SF_WRITER_KEY_FILE'] as const
const LLM = ['LLM_BASE_URL', 'LLM_MODEL', 'LLM_API_KEY'] as const

export type Environment = z.output<typeof Environment>

const EXAMPLES: Record<string, string> = {
  PORT: '4000',
  LISTEN_HOST: '127.0.0.1',
  PUBLIC_URL: 'https://missions.example.com',
  ALLOWED_ORIGINS: 'https://example.lightning.force.com,https://example.my.salesforce.com',
  DATABASE_URL: 'postgres://missions@localhost:5432/missions',
  REDIS_URL: 'redis://localhost:6379',
  DATA_DIR: '.data',
  BODY_KEY_FILE: 'secrets/body.key',
  CHECKPOINT_KEY_FILE: 'secrets/checkpoint.pem',
  MISSIONS_DIR: 'missions',
  ROLE: 'all',
  LOG_LEVEL: 'info',
  ORG_ID: '00D000000000001EAA',
  SF_LOGIN_URL: 'https://example.my.salesforce.com',
  SF_AUDIENCE: 'https://login.salesforce.com',
  SF_API_VERSION: '66.0',
  SF_PUBSUB_ENDPOINT: 'api.pubsub.salesforce.com:7443',
  SF_READER_CLIENT_ID: 'the consumer key of the reader app',
  SF_READER_USERNAME: 'missions.reader@example.com',
  SF_READER_KEY_FILE: 'secrets/reader.pem',
  SF_WRITER_CLIENT_ID: 'the consumer key of the writer app',
  SF_WRITER_USERNAME: 'missions.writer@example.com',
  SF_WRITER_KEY_FILE: 'secrets/writer.pem',
  SF_ORG_KEY_FILES: 'secrets/org.pem,secrets/org-next.pem',
  SALESFORCE_MCP_URL: 'https://salesforce-mcp.internal:4600/mcp',
  SALESFORCE_MCP_TOKEN_FILE: 'secrets/salesforce-mcp.token',
  SALESFORCE_MCP_SEAL_KEY_FILE: 'secrets/seal.key',
  LLM_BASE_URL: 'https://llm.example.com/v1',
  LLM_MODEL: 'a-model',
  LLM_API_KEY: 'the key of that endpoint',
  HOLD_SECONDS: '10',
  SETTLE_SECONDS: '120',
  RETENTION_DAYS: '365',
}

/** One line about one setting. */
export function settingLine(name: string, what: string): string {
  return `${name} ${what}; set it in the environment, e.g. ${name}=${EXAMPLES[name] ?? '…'}`
}

/** Parses the environment; empty values count as absent. Throws ConfigError. */
export function parseEnvironment(env: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message, code }) => {
    const name = String(path[0])
    const missing = given[name] === undefined && code !== 'custom'
    return settingLine(name, missing ? 'is missing' : code === 'custom' ? message : `is wrong (${message})`)
  })
  throw new ConfigError([...new Set(lines)].join('\n'))
}
