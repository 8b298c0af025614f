import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidInput } from '../../server/brain/domain/errors.ts'
import { loadCatalog, SHIPPED_KNOWLEDGE, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { parseMission } from '../../server/brain/missions/definition.ts'
import type { MissionDefinition } from '../../server/brain/domain/mission.ts'
import { parseDocument } from '../../server/brain/knowledge/document.ts'

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
  const documents = await documentNames(folder)
  const checked = await Promise.all(files.map((file) => checkFile(folder, file, documents)))
  const isClean = checked.every(({ findings }) => findings.length === 0)
  return isFolder && isClean ? [...checked, ...(await checkDocuments(folder))] : checked
}

async function checkFile(folder: string, file: string, documents: readonly string[]): Promise<Checked> {
  try {
    const definition = parseMission(await readFile(join(folder, file), 'utf8'), file)
    const unknown = definition.knowledge.filter((name) => !documents.includes(name))
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

/** Documents beside the missions, else the shipped ones, as `loadCatalog` takes them. */
async function documentNames(folder: string): Promise<string[]> {
  const own = await markdownIn(join(folder, 'knowledge'))
  const files = own.length > 0 ? own : await markdownIn(SHIPPED_KNOWLEDGE)
  const names = await Promise.all(files.map(async (file) => nameIn(await readFile(file, 'utf8'))))
  return names.filter((name) => name !== null)
}

async function markdownIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name))
}

function nameIn(source: string): string | null {
  try {
    return parseDocument(source).name
  } catch {
    return null
  }
}
