// A mission as a person is writing it: checked, and put together as the version that it would become.
import { parse } from 'yaml'
import type { Grant } from '../../contract/grant.ts'
import { sourceHash } from '../domain/intact.ts'
import type { KnowledgeVersion, MissionVersion } from '../domain/mission.ts'
import type { MissionReads } from '../ports/missions.ts'
import { parseDocument } from '../knowledge/document.ts'
import { catalogEntry, missionVersionOf, pinnedOf } from './catalog.ts'
import { checkTexts, type PlacedFinding } from './check-texts.ts'

/** Texts as they are written; documents that are not among them are taken as they are installed. */
interface DraftTexts {
  source: string
  knowledge: Readonly<Record<string, string>>
}

interface Draft {
  mission: MissionVersion
  documents: ReadonlyMap<string, KnowledgeVersion>
}

/** The draft as the next version of its mission, or what is wrong with its texts. */
export async function draftOf(
  reads: Pick<MissionReads, 'mission' | 'knowledge'>,
  { source, knowledge }: DraftTexts,
): Promise<Draft | { findings: PlacedFinding[] }> {
  const documents = await documentsFor(reads, namedIn(source), knowledge)
  const files = [...documents.values()].map((each) => ({ file: `${each.name}.md`, source: each.source }))
  const checked = checkTexts([{ file: 'mission.yaml', source }], files)
  const findings = checked.flatMap((each) => each.findings)
  const definition = checked.at(-1)?.definition
  if (!definition || findings.length > 0) return { findings }
  const find = (name: string) => {
    const document = documents.get(name)
    return document ? parseDocument(document.source) : null
  }
  const pins: Grant['knowledge'] = Object.fromEntries(
    [...documents.values()].map((each) => [each.name, { version: each.version, hash: sourceHash(each.source) }]),
  )
  const latest = await reads.mission(definition.mission)
  const entry = catalogEntry(source, definition, find)
  const mission = missionVersionOf(entry, (latest?.version ?? 0) + 1, pinnedOf(definition, pins))
  return { mission, documents }
}

/** Documents that the text names, as far as it can be read. */
function namedIn(source: string): string[] {
  try {
    const named: unknown = (parse(source, { maxAliasCount: 0 }) as { knowledge?: unknown } | null)?.knowledge
    return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

/** A changed document is the version after the newest. */
async function documentsFor(
  reads: Pick<MissionReads, 'knowledge'>,
  names: readonly string[],
  given: DraftTexts['knowledge'],
): Promise<Map<string, KnowledgeVersion>> {
  const found = new Map<string, KnowledgeVersion>()
  for (const name of new Set([...names, ...Object.keys(given)])) {
    const latest = await reads.knowledge(name)
    const source = Object.hasOwn(given, name) ? given[name] : latest?.source
    if (source === undefined) continue
    const isChanged = source !== latest?.source
    const version = (latest?.version ?? 0) + (isChanged ? 1 : 0)
    found.set(name, { name, version, title: titleIn(source) ?? name, source })
  }
  return found
}

/** Null for a text that cannot be read. */
const titleIn = (source: string): string | null => /^title:\s*(.+)$/m.exec(source)?.[1]?.trim() ?? null

/** The pinned documents of an installed version, by name. */
export async function documentsOf(
  reads: Pick<MissionReads, 'knowledge'>,
  mission: Pick<MissionVersion, 'knowledge'>,
): Promise<Map<string, KnowledgeVersion>> {
  const found = await Promise.all(
    Object.entries(mission.knowledge).map(([name, version]) => reads.knowledge(name, version)),
  )
  return new Map(found.flatMap((document) => (document ? [[document.name, document] as const] : [])))
}
