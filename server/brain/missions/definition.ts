import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node, type YAMLParseError } from 'yaml'
import { InvalidInput } from '../domain/errors.ts'
import type { GateLine } from '../../contract/gate/lines.ts'
import type { AskedQuestion, MissionDefinition, ReadStep, Template } from '../domain/mission.ts'
import { kindOf } from '../questions/registry.ts'
import { MissionFile } from './definition-file.ts'
import { checkDefinition, type Finding, type Knowledge } from './checks/definition.ts'
import { findingsInFile } from './file-findings.ts'

type Path = readonly (string | number)[]

/**
 * Parses a mission's YAML text and checks it with the knowledge documents it names. Throws InvalidInput with every issue at once,
 * each with `file:line:column`.
 */
export function parseMission(source: string, file: string, knowledge: Knowledge): MissionDefinition {
  const text = openText(source, file)
  if (text.broken.length > 0) throw invalid(file, text.broken)
  const written: unknown = text.document.toJS({ maxAliasCount: 0 })
  const parsed = MissionFile.safeParse(written)
  if (!parsed.success) throw invalid(file, text.located(findingsInFile(parsed.error.issues, written)))
  const definition = definitionOf(parsed.data)
  const findings = checkDefinition(definition, knowledge)
  if (findings.length > 0) throw invalid(file, text.located(findings))
  return definition
}

/** Findings about a definition, each with its place in the text that it was parsed from. */
export function locateFindings(source: string, file: string, findings: readonly Finding[]): PlacedFinding[] {
  return openText(source, file).located(findings)
}

/** A finding at `file:line:column`. */
interface PlacedFinding {
  path: string
  message: string
}

interface OpenText {
  document: Document.Parsed
  broken: PlacedFinding[]
  located(findings: readonly Finding[]): PlacedFinding[]
}

function openText(source: string, file: string): OpenText {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  return {
    document,
    broken: document.errors.map((error) => ({ path: at(error.pos[0]), message: yamlWords(error) })),
    located: (findings) =>
      findings.map(({ path, message, at: inDocument }) => ({
        path: inDocument ? placeOf(inDocument) : at(offsetOf(document, path)),
        message,
      })),
  }
}

/** `rules.md:12:3`, in a knowledge document. */
const placeOf = ({ file, line, column }: NonNullable<Finding['at']>): string => `${file}:${line}:${column}`

function definitionOf(file: MissionFile): MissionDefinition {
  return {
    ...file,
    read: Object.entries(file.read).map(([name, step]) => readStepOf(name, step, file)),
    reason: Object.entries(file.reason).map(([name, { question, ...asked }]) =>
      questionOf(name, String(question), asked),
    ),
    gate: file.gate.map(gateLineOf),
    propose: file.propose.map(templateOf),
  }
}

/** A history is about the object of the step it names. */
function readStepOf(name: string, step: MissionFile['read'][string], { read }: MissionFile): ReadStep {
  if (!('history' in step)) return { name, ...step }
  const about = read[step.history]
  return { name, ...step, object: about && 'object' in about ? about.object : '' }
}

function questionOf(name: string, kind: string, asked: unknown): AskedQuestion {
  const modelFields = kindOf(kind)
    .modelFields(asked)
    .map(({ field }) => field)
  return { name, kind, asked, modelFields: [...new Set(modelFields)] }
}

function templateOf(template: MissionFile['propose'][number]): Template {
  const conditional = ({ when, as }: { when?: string; as?: string }) => ({ when: when ?? null, as: as ?? null })
  if ('update' in template) return { kind: 'update', ...template.update, ...conditional(template.update) }
  if ('create' in template) return { kind: 'create', ...template.create, ...conditional(template.create) }
  if ('merge' in template) return { kind: 'merge', ...template.merge, ...conditional(template.merge) }
  const { contact = null, owner = null, ...convert } = template.convert
  return { kind: 'convert', ...convert, contact, owner, ...conditional(convert) }
}

/** `needs: 2, from: group:A` is short for a list of one roster. */
function gateLineOf(line: MissionFile['gate'][number]): GateLine {
  if ('block' in line) return line
  const { needs, from = '', then } = line
  const asked = { asks: typeof needs === 'number' ? [{ needs, from }] : needs, ...(then && { then }) }
  return 'when' in line ? { when: line.when, ...asked } : { otherwise: true, ...asked }
}

/** Where the deepest part of the path that is there begins; for a mapping entry, its key. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let offset = 0
  let node: unknown = document.contents
  for (const part of path) {
    const step = childOf(node, part)
    if (!step) break
    offset = step.offset
    node = step.node
  }
  return offset
}

function childOf(node: unknown, part: string | number): { node: unknown; offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(part))
    return pair ? { node: pair.value, offset: startOf(pair.key) } : null
  }
  const items = (node as { items?: unknown[] } | null)?.items
  const item = typeof part === 'number' ? items?.[part] : undefined
  return item === undefined ? null : { node: item, offset: startOf(item) }
}

const startOf = (node: unknown) => (node as Node | null)?.range?.[0] ?? 0

/** The parser's own words without its place, which stands before them. */
function yamlWords({ code, message }: YAMLParseError): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands here twice: delete one of the two'
  const words = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
  return `this is not YAML: ${words}`
}

function invalid(file: string, issues: { path: string; message: string }[]): InvalidInput {
  return new InvalidInput(`${file}: ${issues.map(({ path, message }) => `${path} ${message}`).join('; ')}`, issues)
}
