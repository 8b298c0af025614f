// The catalogue: mission files and knowledge documents as they are shipped or put into a folder, parsed and checked.
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { grantHash, type Grant } from '../../contract/grant.ts'
import { InvalidInput } from '../domain/errors.ts'
import { sourceHash } from '../domain/intact.ts'
import type { KnowledgeVersion, MissionDefinition, MissionVersion } from '../domain/mission.ts'
import { parseDocument } from '../knowledge/document.ts'
import { kindOf } from '../questions/registry.ts'
import type { Knowledge } from './checks/finding.ts'
import { parseKnowledge } from './check-texts.ts'
import { parseMission } from './definition.ts'
import { grantOf } from './grant.ts'
import { askingOf } from './language/variables.ts'

export const SHIPPED_MISSIONS = fileURLToPath(new URL('./catalog', import.meta.url))
export const SHIPPED_KNOWLEDGE = fileURLToPath(new URL('../knowledge/catalog', import.meta.url))

export interface Catalog {
  missions: {
    name: string
    source: string
    definition: MissionDefinition
    /** Whether tables of its knowledge name users. */
    usersNamed: boolean
  }[]
  /** `file`: the path, or the name alone of one that comes with the release. */
  knowledge: (Omit<KnowledgeVersion, 'version'> & { file: string; isShipped: boolean })[]
}

/** Whether an answer may name a user, who is then looked up. */
function namesUsers(definition: MissionDefinition, knowledge: Knowledge): boolean {
  return askingOf(definition, knowledge).some(
    ({ question, asking }) => kindOf(question.kind).users(question.asked, asking).length > 0,
  )
}

/** A checked definition as an entry of a catalogue. */
export function catalogEntry(
  source: string,
  definition: MissionDefinition,
  knowledge: Knowledge,
): Catalog['missions'][number] {
  return { name: definition.mission, source, definition, usersNamed: namesUsers(definition, knowledge) }
}

/**
 * Reads every `*.yaml` of a folder, and the knowledge beside it (`knowledge/*.md` there, else what is shipped).
 * Throws InvalidInput when there is no mission, or with all findings of the first wrong file, each with `file:line`.
 */
export async function loadCatalog(folder: string = SHIPPED_MISSIONS): Promise<Catalog> {
  const own = await filesIn(join(folder, 'knowledge'), '.md')
  const knowledge =
    own.length > 0
      ? own.map((each) => ({ ...document(each), file: join(folder, 'knowledge', each.file), isShipped: false }))
      : (await filesIn(SHIPPED_KNOWLEDGE, '.md')).map((each) => ({
          ...document(each),
          file: each.file,
          isShipped: true,
        }))
  const files = await filesIn(folder, '.yaml')
  if (files.length === 0) throw new InvalidInput(`No mission in ${folder} (MISSIONS_DIR): no file there ends in .yaml`)
  const find = (name: string) => {
    const found = knowledge.find((each) => each.name === name)
    return found ? parseDocument(found.source, basename(found.file)) : null
  }
  const missions = files.map(({ file, source }) => {
    const definition = parseMission(source, file, find)
    return catalogEntry(source, definition, find)
  })
  return { missions, knowledge }
}

function document({ file, source }: { file: string; source: string }): Omit<KnowledgeVersion, 'version'> {
  try {
    const { name, title } = parseKnowledge({ file, source })
    return { name, title, source }
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    const issues = error.issues.map(({ path, message }) => ({ path: `${file} ${path}`, message }))
    throw new InvalidInput(`${file}: ${error.message}`, issues)
  }
}

async function filesIn(folder: string, ending: string): Promise<{ file: string; source: string }[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending)).sort()
  return Promise.all(names.map(async (file) => ({ file, source: await readFile(join(folder, file), 'utf8') })))
}

/** A catalogue entry as an immutable, inert version, with the grant an administrator would activate. */
export function missionVersionOf(
  entry: Catalog['missions'][number],
  version: number,
  knowledge: Grant['knowledge'],
): MissionVersion {
  const grant = grantOf(entry, version, knowledge)
  return {
    name: entry.name,
    version,
    source: entry.source,
    definition: entry.definition,
    grant,
    grantHash: grantHash(grant),
    knowledge: Object.fromEntries(Object.entries(knowledge).map(([name, pin]) => [name, pin.version])),
    activation: null,
    activatedBy: null,
    activatedAt: null,
    signedFirst: null,
    endsAt: null,
    waiting: null,
    withdrawn: null,
  }
}

/** The documents that a definition names, as they are now. */
export function pinnedOf({ knowledge }: MissionDefinition, pins: Grant['knowledge']): Grant['knowledge'] {
  return Object.fromEntries(knowledge.flatMap((name) => (pins[name] ? [[name, pins[name]]] : [])))
}

/** Every mission of a catalogue as it would be installed into an empty brain. */
export function firstVersions({ missions, knowledge }: Catalog): MissionVersion[] {
  const pins = Object.fromEntries(
    knowledge.map(({ name, source }) => [name, { version: 1, hash: sourceHash(source) }] as const),
  )
  return missions.map((entry) => missionVersionOf(entry, 1, pinnedOf(entry.definition, pins)))
}
