// `npm run doctor`: checks everything a real org needs, one line each, with the place to correct it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { BrainEnvironment } from '../../server/settings/brain-environment.ts'
import { firstVersions, loadCatalog } from '../../server/brain/missions/catalog.ts'
import { fieldsOfTrigger } from '../../server/brain/missions/language/trigger-fields.ts'
import { parseOptions } from '../../server/practice/options.ts'
import { brainProcess } from '../../server/practice/processes.ts'
import { ok, unknown, wrong, type Check, type Context, type Outcome } from './check.ts'
import { orgChecks } from './checks.ts'
import { openSession, type OrgSession } from './org-session.ts'
import { checkOrgKeys, checkPrivateKeys, checkPublicSettings, checkSeparation, readSettings } from './settings.ts'

type Say = (line: string) => void

const USAGE = `Usage: npm run doctor               with the settings of the brain in the environment
       npm run doctor -- --practice  looks at the practice org that npm start runs`
const MARKS = { ok: '✓', wrong: '✗', unknown: '?' } as const

/** The exit code: 0 nothing is wrong, 1 something is, 2 a wrong command line. */
export async function doctorCommand(
  argv: readonly string[],
  env: Record<string, string | undefined>,
  now: () => Date,
  say: Say,
): Promise<number> {
  const report = reporter(say)
  try {
    const { values } = parseArgs({ args: [...argv], options: { practice: { type: 'boolean', default: false } } })
    const given = values.practice ? await practiceEnvironment(env) : env
    const settings = readSettings(given)
    if (Array.isArray(settings)) {
      for (const line of settings) report('Settings', wrong(line), 'docs/setup.md')
      return report.summary()
    }
    await examine(settings, now, report)
    return report.summary()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    say(error.message)
    if ('code' in error) say(USAGE)
    return 2
  }
}

/** The settings that `npm start` gives the brain, for the data folder and ports of this environment. */
async function practiceEnvironment(env: Record<string, string | undefined>): Promise<Record<string, string>> {
  const options = parseOptions([], env)
  const text = await readFile(join(options.dataDir, 'stamp.json'), 'utf8').catch(() => null)
  if (text === null) throw new Error(`${options.dataDir} is no practice data folder: run npm start first`)
  return brainProcess(options, z.object({ orgId: z.string() }).parse(JSON.parse(text)).orgId).env
}

type Report = ReturnType<typeof reporter>

function reporter(say: Say) {
  const counts = { ok: 0, wrong: 0, unknown: 0 }
  const report = (name: string, { state, detail }: Outcome, where: string) => {
    counts[state] += 1
    say(`${MARKS[state]} ${name}: ${detail}`)
    if (state !== 'ok') say(`    ${where}`)
  }
  return Object.assign(report, {
    summary() {
      say(`${counts.ok} right, ${counts.wrong} wrong, ${counts.unknown} to look at yourself`)
      return counts.wrong > 0 ? 1 : 0
    },
  })
}

async function examine(settings: BrainEnvironment, now: () => Date, report: Report): Promise<void> {
  report('Settings', ok('each is there and parses'), '')
  report('Public address', checkPublicSettings(settings), 'PUBLIC_URL and ALLOWED_ORIGINS of the brain')
  report('Private keys', checkPrivateKeys(settings), 'docs/setup.md, the two key pairs')
  report(
    'Org key',
    checkOrgKeys(settings, now()),
    'Setup → Certificate and Key Management → Missions_Signing → Download Certificate',
  )
  report(
    'The writer’s key is apart',
    checkSeparation(settings),
    'docs/setup.md, salesforce-mcp as a process of its own',
  )
  const where = 'SF_LOGIN_URL: Setup → My Domain → Current My Domain URL'
  const reached = await checkReachable(settings)
  report('The org can be reached', reached, where)
  if (reached.state !== 'ok') return
  const reader = await signedIn(settings, 'READER', now(), report)
  const writer = await signedIn(settings, 'WRITER', now(), report)
  if (!reader) return
  const context = { settings, reader, writer, ...(await missions(settings)), isPractice: await isPracticeOrg(reader) }
  for (const check of orgChecks(now)) report(check.name, await outcomeOf(check, context), check.where)
}

const Versions = z.array(z.object({ version: z.string() }))

async function checkReachable({ SF_LOGIN_URL: url, SF_API_VERSION: version }: BrainEnvironment): Promise<Outcome> {
  const answer = await fetch(new URL('/services/data', url), { signal: AbortSignal.timeout(10_000) }).catch(() => null)
  if (!answer) return wrong(`${url} does not answer`)
  const versions = Versions.safeParse(await answer.json().catch(() => null)).data
  if (!versions) return wrong(`${url} is not an org: it lists no API versions`)
  const isOffered = versions.some((each) => each.version === version)
  return isOffered ? ok(`${url} offers API ${version}`) : wrong(`${url} does not offer API ${version} (SF_API_VERSION)`)
}

async function signedIn(
  settings: BrainEnvironment,
  who: 'READER' | 'WRITER',
  now: Date,
  report: Report,
): Promise<OrgSession | null> {
  const name = `The ${who.toLowerCase()} signs in`
  const where =
    'Setup → External Client App Manager → the app → OAuth Settings (JWT bearer, certificate) and Policies (admin approved, permission set)'
  const [clientId, username, keyFile] = [
    settings[`SF_${who}_CLIENT_ID`],
    settings[`SF_${who}_USERNAME`],
    settings[`SF_${who}_KEY_FILE`],
  ]
  if (!clientId || !username || !keyFile) {
    report(name, unknown('its settings are with salesforce-mcp'), where)
    return null
  }
  const { SF_LOGIN_URL: loginUrl, SF_AUDIENCE, SF_API_VERSION: apiVersion } = settings
  const audience = SF_AUDIENCE ?? new URL(loginUrl).origin
  try {
    const privateKeyPem = await readFile(keyFile, 'utf8')
    const session = await openSession({ loginUrl, audience, apiVersion, clientId, username, privateKeyPem }, now)
    report(name, ok(username), where)
    return session
  } catch (error) {
    report(name, wrong(error instanceof Error ? error.message : String(error)), where)
    return null
  }
}

async function missions({
  MISSIONS_DIR,
}: BrainEnvironment): Promise<Pick<Context, 'grants' | 'watched' | 'triggerFields' | 'requests'>> {
  const versions = firstVersions(await loadCatalog(MISSIONS_DIR))
  const triggers = versions.flatMap(({ definition }) => definition.trigger)
  const changes = triggers.flatMap((each) => ('change' in each ? [each.change] : []))
  const watched = [...new Set(changes.map((change) => change.split('.')[0] ?? ''))].sort()
  const requests = [...new Set(triggers.flatMap((each) => ('event' in each ? [each.event] : [])))].sort()
  const triggerFields = versions.flatMap(({ name: mission, definition }) =>
    definition.trigger.flatMap(fieldsOfTrigger).map(([object, field]) => ({ mission, object, field })),
  )
  return { grants: versions.map(({ grant }) => grant), watched, triggerFields, requests }
}

const isPracticeOrg = async (reader: OrgSession): Promise<boolean> =>
  (await reader.query('SELECT InstanceName FROM Organization'))[0]?.InstanceName === 'PRAC1'

/** A check that throws is reported, and the others still run. */
async function outcomeOf(check: Check, context: Context): Promise<Outcome> {
  try {
    return await check.look(context)
  } catch (error) {
    return unknown(`could not be looked at: ${error instanceof Error ? error.message : String(error)}`)
  }
}
