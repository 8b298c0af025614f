// `npm run mission`: checks mission files, explains a mission, keeps the integration users' permission sets in line with the grants.
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { explainMission } from '../../server/brain/missions/explain/explain-mission.ts'
import { firstVersions, loadCatalog, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import type { Say } from '../shared/command-line.ts'
import { brainClient, CannotAsk } from './brain-client.ts'
import { BRAIN_COMMANDS, checkInOrg, unusedGrants } from './brain-commands.ts'
import { checkMissions } from './check.ts'
import { permissionSetXml } from './permission-set-xml.ts'
import { leftOut, readerSet, writerSet } from './permission-sets.ts'

const USAGE = `Usage:
  npm run mission -- check [file|folder]           every finding with its line
  npm run mission -- explain <name>                what it may touch and who must answer
  npm run mission -- permissions [--write]         compares the integration users' permission sets with the grants
  --missions <folder>                              other missions than the shipped ones (explain, permissions)
  These ask the running brain (MISSIONS_BRAIN, MISSIONS_TOKEN; without them the practice):
  npm run mission -- explain <name> --version 2    a version that is installed
  npm run mission -- check [file|folder] --org     the same, and what the org lacks of it
  npm run mission -- diff <name> [--from 1] [--to 2]   what differs between two versions; the active and the newest
  npm run mission -- diff <file>                   what a file says otherwise than the active version
  npm run mission -- watch <name>                  how often people did what a watching version would have proposed
  npm run mission -- permissions <name> --unused 90d   grants that no run of the last days used
  npm run mission -- dry-run <name> --record <id>  everything but the proposal; or --newest 10 [--where "Country = 'DE'"]
  npm run mission -- back-test <name> --draft <file|folder> [--last 100]   what it would have made of past runs' facts`

const SETS = new URL('../../force-app/main/default/permissionsets/', import.meta.url)

/** Runs one command. The exit code: 0 no findings, 1 findings, 2 a wrong command line. */
export async function missionCommand(argv: readonly string[], say: Say): Promise<number> {
  try {
    return await run(argv, say)
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error
    say(error.message)
    return 2
  }
}

async function run(argv: readonly string[], say: Say): Promise<number> {
  const given = argumentsIn(argv)
  if (typeof given === 'string') return refuse(given, say)
  const { command, name, missions, write } = given
  if (command === 'check')
    return given.org
      ? checkInOrg(brainClient(process.env), name ?? missions ?? SHIPPED_MISSIONS, say)
      : check(name ?? missions, say)
  if (command === 'explain' && name && given.version === undefined) return explain(name, missions, say)
  if (command === 'permissions' && given.unused !== undefined)
    return name
      ? unusedGrants(brainClient(process.env), name, given.unused, say)
      : refuse('name a mission: permissions <name> --unused 90d', say)
  if (command === 'permissions') return permissions(missions, write, say)
  const asking = BRAIN_COMMANDS[command ?? '']
  if (asking && name) return asking(brainClient(process.env), { ...given, name }, say)
  return refuse(command ? `“${command}” is not a command` : 'a command is missing', say)
}

function argumentsIn(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    const options = {
      missions: text,
      version: text,
      from: text,
      to: text,
      record: { type: 'string', multiple: true },
      newest: text,
      where: text,
      draft: text,
      last: text,
      unused: text,
      org: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    } as const
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    return { command: positionals[0], name: positionals[1], ...values }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function refuse(why: string, say: Say): number {
  say(why)
  say(USAGE)
  return 2
}

async function check(path: string | undefined, say: Say): Promise<number> {
  const checked = await checkMissions(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) return null
    throw error
  })
  if (!checked) return refuse(`${path} cannot be read`, say)
  if (checked.length === 0) return refuse(`${path} has no *.yaml`, say)
  for (const { file, definition, findings } of checked) {
    for (const { path: place, message } of findings) say(`${place} ${message}`)
    if (definition) say(`${file}: ${definition.mission} is well formed`)
  }
  say('Not compared with an org: add --org for that, once a brain runs.')
  return checked.some(({ findings }) => findings.length > 0) ? 1 : 0
}

async function explain(name: string, folder: string | undefined, say: Say): Promise<number> {
  const { missions, knowledge } = await loadCatalog(folder)
  const mission = missions.find((each) => each.name === name)
  if (!mission)
    return refuse(`no mission is called ${name}; there are ${missions.map((each) => each.name).join(', ')}`, say)
  const titles = Object.fromEntries(knowledge.map((document) => [document.name, document.title]))
  const pins = firstVersions({ missions: [mission], knowledge })
  for (const line of pins.flatMap((version) => explainMission(version, titles))) say(line)
  return 0
}

async function permissions(folder: string | undefined, write: boolean, say: Say): Promise<number> {
  const grants = firstVersions(await loadCatalog(folder)).map(({ grant }) => grant)
  const files = { Missions_Reader: readerSet(grants), Missions_Writer: writerSet(grants) }
  let differ = 0
  for (const [name, set] of Object.entries(files)) {
    const file = new URL(`${name}.permissionset-meta.xml`, SETS)
    const xml = permissionSetXml(set)
    const isSame = (await readFile(file, 'utf8').catch(() => '')) === xml
    if (!isSame && write) await writeFile(file, xml)
    if (!isSame && !write) differ += 1
    say(
      `${name}: ${isSame ? 'as the grants ask' : write ? 'written' : 'differs from the grants; add --write to generate it'}`,
    )
  }
  const some = leftOut(grants)
  if (some.length > 0)
    say(`Left out, since only some orgs have them; grant them by hand where yours does: ${some.join(', ')}`)
  return differ > 0 ? 1 : 0
}
