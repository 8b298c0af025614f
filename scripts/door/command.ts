// `npm run door`: keys of salesforce-mcp's door, and its switch without the brain.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { remoteSwitch } from '../../server/brain/adapters/salesforce/switch.ts'
import { signedFetch } from '../../server/brain/adapters/salesforce/signed-fetch.ts'
import { SwitchNotThrown } from '../../server/brain/domain/errors.ts'
import { CallerName, HTTP_SCOPES, JOBS_SCOPES, Scope } from '../../server/contract/call-token.ts'
import { StoppableThere } from '../../server/contract/switch.ts'
import { SalesforceId } from '../../server/contract/values/ids.ts'
import { callerOf } from '../../server/settings/caller.ts'
import { httpUrl, list, parseEnvironment, text, type Variables } from '../../server/settings/environment.ts'
import { SettingsError } from '../../server/settings/settings-error.ts'
import { isUsageError, type Say } from '../shared/command-line.ts'
import { addCaller, FileExists, makeAnswerKey } from './door-keys.ts'

const USAGE = `Usage: npm run door -- answer-key --key-file secrets/answers.pem
       npm run door -- add-caller <name> --for http|jobs|both|switch --key-file secrets/<name>.pem
         [--callers-file secrets/callers.json] [--days 90]
       npm run door -- stop [writes|all|writes:<mission>]
       npm run door -- position
       The last two want ORG_ID, SALESFORCE_MCP_URL, SALESFORCE_MCP_CALLER, SALESFORCE_MCP_KEY_FILE and
       SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES.`

const SCOPES_FOR: Readonly<Record<string, readonly Scope[]>> = {
  http: HTTP_SCOPES,
  jobs: JOBS_SCOPES,
  both: Scope.options,
  switch: ['switch'],
}

const OPTIONS = {
  'key-file': { type: 'string' },
  'callers-file': { type: 'string', default: 'secrets/callers.json' },
  for: { type: 'string', default: '' },
  days: { type: 'string', default: '90' },
} as const

const Days = z.coerce.number().int().min(1).max(90)

/** The exit code: 0 done, 1 refused, 2 not understood or failed. */
export async function doorCommand(argv: readonly string[], env: Variables, say: Say): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
    const [verb, about] = positionals
    const keyFile = values['key-file']
    if (verb === 'answer-key' && keyFile) {
      say(`${keyFile} signs answers; give the brain ${makeAnswerKey(keyFile)}`)
      return 0
    }
    if (verb === 'add-caller' && keyFile) return add({ name: about ?? '', keyFile, ...values }, say)
    const what = StoppableThere.safeParse(about ?? 'writes')
    if (verb === 'stop' && what.success) {
      await switchOf(env).stop(what.data)
      say(`stopped at salesforce-mcp: ${what.data}`)
      return 0
    }
    if (verb === 'position') return await position(env, say)
    say(USAGE)
    return 2
  } catch (error) {
    return cannot(error, say)
  }
}

interface Added {
  name: string
  keyFile: string
  'callers-file': string
  for: string
  days: string
}

function add({ name, keyFile, 'callers-file': callersFile, for: what, days }: Added, say: Say): number {
  const scopes = SCOPES_FOR[what]
  const lasts = Days.safeParse(days)
  if (!scopes || !lasts.success || !CallerName.safeParse(name).success) {
    say(USAGE)
    return 2
  }
  addCaller({ name, scopes, days: lasts.data, keyFile, callersFile }, new Date())
  say(
    `${name} may call with ${keyFile} for ${lasts.data} days (${scopes.join(', ')}): salesforce-mcp reads ${callersFile} on SIGHUP`,
  )
  return 0
}

const Environment = z.object({
  ORG_ID: SalesforceId,
  SALESFORCE_MCP_URL: httpUrl,
  SALESFORCE_MCP_CALLER: CallerName,
  SALESFORCE_MCP_KEY_FILE: text,
  SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: list,
})

function switchOf(variables: Variables) {
  const env = parseEnvironment(Environment, variables, { files: true })
  const signed = signedFetch({ caller: callerOf(env), orgId: env.ORG_ID, scopes: ['switch'] })
  return remoteSwitch(env.SALESFORCE_MCP_URL, signed)
}

async function position(env: Variables, say: Say): Promise<number> {
  const found = await switchOf(env).position()
  if (!found) {
    say('salesforce-mcp does not answer, or refuses this key')
    return 2
  }
  const word = (isStopped: boolean) => (isStopped ? 'stopped' : 'on')
  const missions = found.missions.map((name) => `, writes of ${name} stopped`)
  say(`writes ${word(found.writes)}, reads ${word(found.reads)}${missions.join('')}`)
  return 0
}

function cannot(error: unknown, say: Say): number {
  if (!(error instanceof Error)) throw error
  if (isUsageError(error)) {
    say(USAGE)
    return 2
  }
  if (error instanceof FileExists || error instanceof SettingsError) {
    say(error.message)
    return 1
  }
  if (!(error instanceof SwitchNotThrown)) throw error
  say(error.message)
  return 2
}
