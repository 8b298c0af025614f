import type { Caller } from '../contract/call-token.ts'
import { ed25519Key, ed25519PublicKeys } from './files.ts'
import { settingLine, SettingsError } from './settings-error.ts'

interface CallerEnvironment {
  SALESFORCE_MCP_CALLER?: string | undefined
  SALESFORCE_MCP_KEY_FILE?: string | undefined
  SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES?: readonly string[] | undefined
}

const WANTED = ['SALESFORCE_MCP_CALLER', 'SALESFORCE_MCP_KEY_FILE', 'SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES'] as const

/** A process as a caller of salesforce-mcp: each has its own name and key. Throws SettingsError. */
export function callerOf(env: CallerEnvironment): Caller {
  const { SALESFORCE_MCP_CALLER: name, SALESFORCE_MCP_KEY_FILE: path } = env
  const { SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: answerFiles } = env
  if (name === undefined || path === undefined || answerFiles === undefined) {
    const missing = WANTED.filter((setting) => env[setting] === undefined)
    throw new SettingsError(missing.map((setting) => settingLine(setting, 'is missing, as SALESFORCE_MCP_URL is set')))
  }
  const answerKeys = ed25519PublicKeys('SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES', answerFiles)
  return { name, key: ed25519Key('SALESFORCE_MCP_KEY_FILE', path), answerKeys }
}
