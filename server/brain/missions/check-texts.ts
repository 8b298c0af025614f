// Mission files and knowledge documents as texts, checked together: what a command, a screen and the start find wrong with them.
import { InvalidInput } from '../domain/errors.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import { parseDocument, type KnowledgeDocument } from '../knowledge/document.ts'
import { mergePolicy } from '../knowledge/merge-policy.ts'
import { parseMission } from './definition.ts'

export interface TextFile {
  file: string
  source: string
}

/** A finding at `file:line:column`. */
export interface PlacedFinding {
  path: string
  message: string
}

export interface CheckedText {
  file: string
  /** Null when there are findings, and of a document. */
  definition: MissionDefinition | null
  findings: PlacedFinding[]
}

/** Documents whose tables rules evaluate, with what reads them. */
const TABLES: Record<string, (source: string) => unknown> = {
  'account-merge-policy': mergePolicy,
}

/** Parses a document with the tables of its own form. Throws InvalidInput with `line N` paths. */
export function parseKnowledge({ file, source }: TextFile): KnowledgeDocument {
  const document = parseDocument(source, file)
  TABLES[document.name]?.(source)
  return document
}

/** Checks every document, then every mission with the documents that can be read. */
export function checkTexts(missions: readonly TextFile[], documents: readonly TextFile[]): CheckedText[] {
  const read = documents.map((each) => ({ file: each.file, ...documentOf(each) }))
  const byName = new Map(read.flatMap(({ document }) => (document ? [[document.name, document] as const] : [])))
  const wrong = read.filter(({ findings }) => findings.length > 0)
  // A mission that names a document which cannot be read would only repeat that.
  const broken = new Set(wrong.map(({ name }) => name))
  return [
    ...wrong.map(({ file, findings }): CheckedText => ({ file, definition: null, findings })),
    ...missions.map((each) => {
      const checked = checkMission(each, (name) => byName.get(name) ?? null)
      const isRepeated = ({ message }: PlacedFinding) => [...broken].some((name) => message.includes(`called ${name}:`))
      return { ...checked, findings: checked.findings.filter((finding) => !isRepeated(finding)) }
    }),
  ]
}

function documentOf(each: TextFile): { name: string; document: KnowledgeDocument | null; findings: PlacedFinding[] } {
  const name = /^document:\s*(\S+)/m.exec(each.source)?.[1] ?? ''
  try {
    return { name, document: parseKnowledge(each), findings: [] }
  } catch (error) {
    const findings = findingsIn(error, each.file).map(({ path, message }) => ({
      path: path.replace(/^line (\d+)$/, `${each.file}:$1:1`),
      message,
    }))
    return { name, document: null, findings }
  }
}

function checkMission({ file, source }: TextFile, find: (name: string) => KnowledgeDocument | null): CheckedText {
  try {
    return { file, definition: parseMission(source, file, find), findings: [] }
  } catch (error) {
    return { file, definition: null, findings: findingsIn(error, file) }
  }
}

function findingsIn(error: unknown, file: string): PlacedFinding[] {
  if (!(error instanceof InvalidInput)) throw error
  return error.issues.length > 0 ? [...error.issues] : [{ path: file, message: error.message }]
}
