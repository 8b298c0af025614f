import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SHIPPED_KNOWLEDGE, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { checkTexts, type CheckedText, type TextFile } from '../../server/brain/missions/check-texts.ts'

/** A mission file, or every `*.yaml` of a folder, with the knowledge beside it. */
export interface Texts {
  missions: TextFile[]
  documents: TextFile[]
}

/** Checks one mission file, or each `*.yaml` of a folder with the knowledge documents beside it. Throws when there is none. */
export async function checkMissions(path: string = SHIPPED_MISSIONS): Promise<CheckedText[]> {
  const { missions, documents } = await readTexts(path)
  return checkTexts(missions, documents)
}

/** Documents are those beside the missions, else the shipped ones, as the start takes them. */
export async function readTexts(path: string): Promise<Texts> {
  const isFolder = (await stat(path)).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const own = await filesIn(join(folder, 'knowledge'), '.md')
  const missions = isFolder
    ? await filesIn(path, '.yaml')
    : [{ file: basename(path), source: await readFile(path, 'utf8') }]
  return { missions, documents: own.length > 0 ? own : await filesIn(SHIPPED_KNOWLEDGE, '.md') }
}

async function filesIn(folder: string, ending: string): Promise<TextFile[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending)).sort()
  return Promise.all(names.map(async (file) => ({ file, source: await readFile(join(folder, file), 'utf8') })))
}
