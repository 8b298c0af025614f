import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidInput } from '../../server/brain/domain/errors.ts'
import { loadCatalog, SHIPPED_KNOWLEDGE, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { parseMission } from '../../server/brain/missions/definition.ts'
import type { MissionDefinition } from '../../server/brain/domain/mission.ts'
import { parseDocument, type KnowledgeDocument } from '../../server/brain/knowledge/document.ts'

interface Checked {
  file: string
  /** Null when there are findings. */
  definition: MissionDefinition | null
  /** `file:line:column message`. */
  findings: string[]
}

/** Checks one mission file, or each `*.yaml` of a folder with the knowledge documents beside it. Throws when there is none. */
export async function checkMissions(path: string = SHIPPED_MISSIONS): Promise<Checked[]> {
  const isFolder = (await stat(path)).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const files = isFolder ? (await readdir(path)).filter((name) => name.endsWith('.yaml')).sort() : [basename(path)]
  const documents = await documentsIn(folder)
  const checked = await Promise.all(files.map((file) => checkFile(folder, file, documents)))
  const isClean = checked.every(({ findings }) => findings.length === 0)
  return isFolder && isClean ? [...checked, ...(await checkDocuments(folder))] : checked
}

async function checkFile(folder: string, file: string, documents: Documents): Promise<Checked> {
  try {
    const source = await readFile(join(folder, file), 'utf8')
    const definition = parseMission(source, file, (name) => documents.get(name) ?? null)
    const unknown = definition.knowledge.filter((name) => !documents.has(name))
    const findings = unknown.map((name) => `${file} no knowledge document is called ${name}`)
    return { file, definition: findings.length > 0 ? null : definition, findings }
  } catch (error) {
    return { file, definition: null, findings: findingsIn(error) }
  }
}

/** Findings of the catalogue as a whole: wrong tables of documents. */
async function checkDocuments(folder: string): Promise<Checked[]> {
  try {
    await loadCatalog(folder)
    return []
  } catch (error) {
    return [{ file: 'knowledge', definition: null, findings: findingsIn(error) }]
  }
}

function findingsIn(error: unknown): string[] {
  if (!(error instanceof InvalidInput)) throw error
  return error.issues.length > 0 ? error.issues.map(({ path, message }) => `${path} ${message}`) : [error.message]
}

type Documents = ReadonlyMap<string, KnowledgeDocument>

/** Documents beside the missions, else the shipped ones, as `loadCatalog` takes them; what cannot be read is left to it. */
async function documentsIn(folder: string): Promise<Documents> {
  const own = await markdownIn(join(folder, 'knowledge'))
  const files = own.length > 0 ? own : await markdownIn(SHIPPED_KNOWLEDGE)
  const read = await Promise.all(files.map(async (file) => documentIn(await readFile(file, 'utf8'))))
  return new Map(read.flatMap((document) => (document ? [[document.name, document] as const] : [])))
}

async function markdownIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name))
}

function documentIn(source: string): KnowledgeDocument | null {
  try {
    return parseDocument(source)
  } catch {
    return null
  }
}
