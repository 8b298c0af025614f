// From environment variables to typed values, the same way for every process.
import { z } from 'zod'
import { SalesforceId } from '../contract/values/ids.ts'
import { privateKey, readNamed } from './files.ts'
import { settingLine, SettingsError } from './settings-error.ts'
import { isSettingName, type SettingName } from './setting-table.ts'

export type Variables = Readonly<Record<string, string | undefined>>

export const text = z.string().min(1)
export const list = text.transform((value) => value.split(',').map((item) => item.trim()))
export const httpUrl = z.url({ protocol: /^https?$/ })
/** Seconds that a process's event loop may stand still; 0: not watched. */
export const watchdogSeconds = z.coerce.number().min(0).max(86_400).default(30)
/** How long salesforce-mcp lets an activation of a mission last. */
export const activationDays = z.coerce.number().int().min(1).max(3_650).default(365)
export const origin = httpUrl.transform((value) => new URL(value).origin)

/** What every process that talks to the org must know. */
export const ORG_ENVIRONMENT = {
  ORG_ID: SalesforceId,
  SF_LOGIN_URL: httpUrl,
  SF_AUDIENCE: z.url().optional(),
  SF_API_VERSION: z
    .string()
    .regex(/^\d\d\.0$/, 'is not a version')
    .default('66.0'),
  SF_NAMESPACE: z
    .string()
    .regex(/^([A-Za-z]\w{0,14})?$/, 'is not a namespace')
    .default(''),
  SF_READER_CLIENT_ID: text,
  SF_READER_USERNAME: text,
  SF_READER_KEY_FILE: text,
  SF_ORG_KEY_FILES: list,
}

/** Secrets that may stand in the environment; each also comes from the file that `<NAME>_FILE` names. */
const SECRETS = ['DATABASE_URL', 'REDIS_URL', 'LLM_API_KEY'] as const

/**
 * Parses the variables that are settings; empty ones count as absent. `files` also looks into the files they name. Throws
 * SettingsError with every line at once.
 */
export function parseEnvironment<T extends z.ZodObject>(
  schema: T,
  variables: Variables,
  { files }: { files: boolean },
): z.output<T> {
  const given = withSecrets(
    Object.fromEntries(
      Object.entries(variables).filter(([name, value]) => isSettingName(name) && value !== undefined && value !== ''),
    ) as Partial<Record<SettingName, string>>,
  )
  const parsed = schema.safeParse(given)
  const lines = [
    ...(parsed.error?.issues.map((issue) => lineOf(issue, given)) ?? []),
    ...(files ? unusable(schema, given) : []),
  ]
  if (!parsed.success || lines.length > 0) throw new SettingsError(lines)
  return parsed.data
}

function withSecrets(given: Partial<Record<SettingName, string>>): Partial<Record<SettingName, string>> {
  const values = { ...given }
  for (const name of SECRETS) {
    const file = `${name}_FILE` as const
    const path = given[file]
    if (path === undefined) continue
    if (given[name] !== undefined)
      throw new SettingsError([settingLine(file, `is set, and ${name} too: set one of them`)])
    values[name] = readNamed(file, path)
  }
  return values
}

/** Lines about named files that cannot be used, so that they are reported together with what else is wrong. */
function unusable(schema: z.ZodObject, given: Partial<Record<SettingName, string>>): string[] {
  const names = (Object.keys(given) as SettingName[]).filter((name) => /_FILES?$/.test(name) && name in schema.shape)
  return names.flatMap((name) => {
    const paths = given[name]?.split(',').map((path) => path.trim()) ?? []
    return paths.flatMap((path) => whyUnusable(name, path) ?? [])
  })
}

function whyUnusable(name: SettingName, path: string): string | null {
  try {
    if (name === 'SF_READER_KEY_FILE' || name === 'SF_WRITER_KEY_FILE') privateKey(name, path)
    else readNamed(name, path)
    return null
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
}

function lineOf({ path, message, code }: z.core.$ZodIssue, given: Partial<Record<SettingName, string>>): string {
  const name = String(path[0]) as SettingName
  if (code === 'custom' || code === 'invalid_format') {
    if (given[name] !== undefined || code === 'custom')
      return settingLine(name, message.startsWith('is ') ? message : `is wrong (${message})`)
  }
  return settingLine(name, given[name] === undefined ? 'is missing' : `is wrong (${message})`)
}
