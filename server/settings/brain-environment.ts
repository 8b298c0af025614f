// The variables of the brain.
import { z } from 'zod'
import { CallerName } from '../contract/call-token.ts'
import { DECIMAL } from '../contract/values/money.ts'
import {
  activationDays,
  httpUrl,
  list,
  ORG_ENVIRONMENT,
  origin,
  parseEnvironment,
  text,
  watchdogSeconds,
  type Variables,
} from './environment.ts'

const price = z.string().regex(DECIMAL, 'is not a price, e.g. 2.50')
const seconds = z.coerce.number().min(0).max(86_400)

const BrainEnvironment = z
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
    ...ORG_ENVIRONMENT,
    SF_PUBSUB_ENDPOINT: z
      .string()
      .regex(/^[\w.-]+:\d+$/, 'is not host:port')
      .default('api.pubsub.salesforce.com:7443'),
    SF_WRITER_CLIENT_ID: text.optional(),
    SF_WRITER_USERNAME: text.optional(),
    SF_WRITER_KEY_FILE: text.optional(),
    SALESFORCE_MCP_URL: httpUrl.optional(),
    SALESFORCE_MCP_CALLER: CallerName.optional(),
    SALESFORCE_MCP_KEY_FILE: text.optional(),
    SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: list.optional(),
    SALESFORCE_MCP_SEAL_KEY_FILE: text.optional(),
    ACTIVATION_DAYS: activationDays,
    LLM_BASE_URL: httpUrl.optional(),
    LLM_MODEL: text.optional(),
    LLM_API_KEY: text.optional(),
    LLM_PRICE_INPUT: price.optional(),
    LLM_PRICE_OUTPUT: price.optional(),
    LLM_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is not a currency, e.g. EUR')
      .optional(),
    HOLD_SECONDS: seconds.default(10),
    SETTLE_SECONDS: seconds.default(120),
    WATCHDOG_SECONDS: watchdogSeconds,
    PHASE_SECONDS: z.coerce.number().min(1).max(86_400).default(30),
    RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
    ERASE_DELETED_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  })
  .superRefine((values, context) => {
    const want = (name: keyof typeof values, why: string) => {
      if (values[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: why })
    }
    // Name and key of a caller are a process's own: commands, which call nothing, do without.
    if (!values.SALESFORCE_MCP_URL) {
      const why = 'is missing: salesforce-mcp runs inside this process unless SALESFORCE_MCP_URL is set'
      for (const name of WRITER) want(name, why)
    }
    if (LLM.some((name) => values[name] !== undefined)) {
      for (const name of LLM)
        want(name, 'is missing: set LLM_BASE_URL, LLM_MODEL and LLM_API_KEY together, or none of them')
    }
    if (PRICES.some((name) => values[name] !== undefined)) {
      for (const name of PRICES)
        want(name, 'is missing: set LLM_PRICE_INPUT, LLM_PRICE_OUTPUT and LLM_CURRENCY together, or none of them')
    }
  })

const WRITER = ['SF_WRITER_CLIENT_ID', 'SF_WRITER_USERNAME', 'SF_WRITER_KEY_FILE'] as const
const PRICES = ['LLM_PRICE_INPUT', 'LLM_PRICE_OUTPUT', 'LLM_CURRENCY'] as const
const LLM = ['LLM_BASE_URL', 'LLM_MODEL', 'LLM_API_KEY'] as const

export type BrainEnvironment = z.output<typeof BrainEnvironment>

/** Parses the brain's variables; `files` also looks into the files they name. Throws SettingsError with a line for each wrong or missing one. */
export function brainEnvironment(variables: Variables, { files } = { files: false }): BrainEnvironment {
  return parseEnvironment(BrainEnvironment, variables, { files })
}
