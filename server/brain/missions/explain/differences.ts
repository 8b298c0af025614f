// What one version of a mission says that another does not, as sentences; what became wider is named apart.
import { widenings } from '../../../contract/widenings.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import { parseDocument, type KnowledgeDocument } from '../../knowledge/document.ts'
import { statementsOf, type Statement } from './statements.ts'

/** A version with the texts of its documents. */
export interface Compared {
  mission: Pick<MissionVersion, 'definition' | 'grant'>
  documents: ReadonlyMap<string, { source: string }>
}

interface Difference {
  part: string
  text: string
  change: 'added' | 'gone' | 'changed'
}

interface Differences {
  /** What the later version may do that the earlier may not: then a second administrator has to sign. */
  wider: string[]
  changes: Difference[]
}

/** Everything that `after` says otherwise than `before`; null for `before` when there is none. */
export function differencesBetween(before: Compared | null, after: Compared): Differences {
  const then = before ? statements(before) : []
  return {
    wider: before ? widenings(before.mission.grant, after.mission.grant) : [],
    changes: before ? changesBetween(then, statements(after)) : [],
  }
}

const statements = ({ mission, documents }: Compared): Statement[] => [
  ...statementsOf(mission.definition),
  ...mission.definition.knowledge.flatMap((name) => {
    const document = documents.get(name)
    return document ? documentStatements(parseDocument(document.source)) : []
  }),
]

/** Rows and texts by their own words: a row that changed is one that is gone and one that is new. */
function documentStatements({ name, sections }: KnowledgeDocument): Statement[] {
  const part = `Document ${name}`
  return sections.flatMap(({ heading, text, tables }) => [
    { part, name: `text under “${heading}”`, value: text.replaceAll(/\s+/g, ' ') },
    ...tables.flatMap(({ columns, rows }) => [
      { part, name: `columns under “${heading}”`, value: columns.join(' | ') },
      ...rows.map((row) => ({
        part,
        name: `row under “${heading}”: ${columns.map((column) => row[column] || '–').join(' | ')}`,
        value: '',
      })),
    ]),
  ])
}

function changesBetween(before: readonly Statement[], after: readonly Statement[]): Difference[] {
  const keyOf = ({ part, name }: Statement) => `${part}\0${name}`
  const then = new Map(before.map((each) => [keyOf(each), each]))
  const now = new Map(after.map((each) => [keyOf(each), each]))
  const found = [...new Set([...then.keys(), ...now.keys()])].flatMap((key): Difference[] => {
    const [was, is] = [then.get(key), now.get(key)]
    if (was && is) {
      if (was.value === is.value) return []
      return [
        { part: is.part, change: 'changed', text: `${is.name}: ${was.value || 'nothing'} → ${is.value || 'nothing'}` },
      ]
    }
    const [one, change] = is ? ([is, 'added'] as const) : ([was, 'gone'] as const)
    return one ? [{ part: one.part, change, text: one.value === '' ? one.name : `${one.name}: ${one.value}` }] : []
  })
  return [...found, ...reordered([...then.values()], [...now.values()], keyOf)]
}

/** Rows of a table that is read from the top mean something else in another order. */
function reordered(
  before: readonly Statement[],
  after: readonly Statement[],
  keyOf: (each: Statement) => string,
): Difference[] {
  const rows = (all: readonly Statement[], others: ReadonlySet<string>, part: string) =>
    all.filter((each) => each.part === part && each.name.startsWith('row under') && others.has(keyOf(each))).map(keyOf)
  const [then, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const parts = [...new Set(after.map(({ part }) => part))].filter((part) => part.startsWith('Document '))
  return parts
    .filter((part) => rows(before, now, part).join('\0\0') !== rows(after, then, part).join('\0\0'))
    .map((part) => ({ part, change: 'changed', text: 'rows stand in another order' }))
}
