// What questions and proposals build on: variables with their values and where each value comes from.
import type { Source } from '../../../contract/operations/fields.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { AskedQuestion, KnowledgeVersion, MissionDefinition, ReadStep } from '../../domain/mission.ts'
import type { Run } from '../../domain/run.ts'
import { evaluate, NoValue } from '../../expressions/expression.ts'
import { fromOrg } from '../../../contract/expressions/org-values.ts'
import { parseDocument, type KnowledgeDocument } from '../../knowledge/document.ts'
import { knownLets } from '../../missions/language/known-lets.ts'
import { answerVariable, objectOf, stepVariables } from '../../missions/language/variables.ts'
import type { Evidence, FieldChange } from '../../questions/asking/evidence.ts'
import type { Given, Meaning, Sources } from '../../questions/asking/question.ts'
import { membersOf } from '../../questions/asking/record-members.ts'
import { kindOf } from '../../questions/registry.ts'
import { sourceOf } from '../../questions/asking/sources.ts'
import type { AskModel, PhaseContext } from '../../runs/phase.ts'

/** Describe's types whose values are texts that anybody may have written. */
const TEXT_TYPES = new Set(['textarea'])

export type Documents = ReadonlyMap<string, KnowledgeVersion>

/** The mission's documents in their pinned versions. */
export async function documentsOf(context: Pick<PhaseContext, 'mission' | 'knowledge'>): Promise<Documents> {
  const names = context.mission.definition.knowledge
  return new Map(await Promise.all(names.map(async (name) => [name, await context.knowledge(name)] as const)))
}

/** Reads documents when they are asked for, each once. */
export function parsedFrom(documents: Documents): (name: string) => KnowledgeDocument | null {
  const parsed = new Map<string, KnowledgeDocument>()
  return (name) => {
    const version = documents.get(name)
    if (!version) return null
    const document = parsed.get(name) ?? parseDocument(version.source)
    parsed.set(name, document)
    return document
  }
}

function versionFrom(documents: Documents): (name: string) => KnowledgeVersion {
  return (name) => {
    const version = documents.get(name)
    if (!version) throw new TypeError(`${name} is not among the mission's knowledge`)
    return version
  }
}

/** What there is once everything is read and nothing is answered. */
export function givenAfterReading(
  { read }: Pick<MissionDefinition, 'read'>,
  run: Pick<Run, 'subject' | 'trigger'>,
  evidence: Evidence,
  documents: Documents,
  model: AskModel | null,
): Given {
  const { trigger } = run
  const about = {
    recordId: run.subject?.id ?? null,
    change: trigger.change,
    at: trigger.at,
    launcher: trigger.launcher,
  }
  const steps = read.map((step) => [step.name, valueOfStep(step, read, evidence)] as const)
  return {
    steps: read,
    document: parsedFrom(documents),
    version: versionFrom(documents),
    evidence,
    variables: stepVariables(read),
    values: { trigger: about, ...Object.fromEntries(steps) },
    sources: Object.fromEntries(read.map((step) => [step.name, sourcesOfStep(step, evidence)])),
    setting: { today: evidence.at.slice(0, 10) },
    model,
  }
}

function valueOfStep(step: ReadStep, steps: readonly ReadStep[], evidence: Evidence): unknown {
  const types = evidence.types[objectOf(step)]
  if ('history' in step) return (evidence.history?.[step.name] ?? []).map((change) => changeValue(change, types))
  const records = recordsOf(step, steps, evidence)
  if ('id' in step) return membersOf(records[0] ?? null, step.fields, types)
  return records.map((record) => membersOf(record, step.fields, types))
}

/** A change with its values in the type of the field. */
const changeValue = ({ field, from, to, by, at }: FieldChange, types: Readonly<Record<string, string>> = {}) => ({
  field,
  from: fromOrg(from, types[field]),
  to: fromOrg(to, types[field]),
  by,
  at: fromOrg(at, 'datetime'),
})

type Read = Pick<RecordValues, 'id' | 'values'>

/** Records of a step; children are kept with their parents. */
function recordsOf(step: ReadStep, steps: readonly ReadStep[], { records }: Evidence): readonly Read[] {
  if (!('of' in step)) return records[step.name] ?? []
  const parents = steps.some(({ name }) => name === step.of) ? (records[step.of] ?? []) : []
  return parents.flatMap(({ children }) => children?.[step.relationship]?.records ?? [])
}

function sourcesOfStep(step: ReadStep, evidence: Evidence): Record<string, Source> {
  const object = objectOf(step)
  const types = evidence.types[object] ?? {}
  const texts = step.fields.filter((field) => TEXT_TYPES.has(types[field] ?? ''))
  const [first] = evidence.records[step.name] ?? []
  return {
    '': 'id' in step && first ? `record:${first.id}` : `computed:the ${step.name} that were read`,
    ...Object.fromEntries(texts.map((field): [string, Source] => [field, `text:${object}.${field}`])),
  }
}

/** The same with one more answer. */
export function withAnswer(given: Given, question: AskedQuestion, answer: unknown): { given: Given; meaning: Meaning } {
  const kind = kindOf(question.kind)
  const meaning = kind.meaning(question.asked, answer, given)
  const variable = answerVariable(question, given)
  const blank = Object.fromEntries((variable.members ?? []).map((member) => [member.split('.')[0] ?? member, null]))
  return {
    meaning,
    given: {
      ...given,
      variables: { ...given.variables, [question.name]: variable },
      values: { ...given.values, [question.name]: meaning.values ?? blank },
      sources: { ...given.sources, [question.name]: meaning.sources },
    },
  }
}

/** The same with those of the mission's own names that can be worked out by now; one that cannot be computed is blank. */
export function withLets(given: Given, lets: MissionDefinition['let']): Given {
  return knownLets(lets, given.variables).reduce<Given>((so, [name, expression]) => {
    const sources: Sources = { ...so.sources, [name]: { '': sourceOf(expression, so.sources) } }
    return {
      ...so,
      variables: { ...so.variables, [name]: { kind: 'value', members: null } },
      values: { ...so.values, [name]: valueOrNull(expression, so) },
      sources,
    }
  }, given)
}

/** The value of an expression; null where it cannot be computed. */
export function valueOrNull(expression: string, { variables, values, setting }: Given): unknown {
  try {
    return evaluate(expression, variables, values, setting)
  } catch (error) {
    if (error instanceof NoValue) return null
    throw error
  }
}

/** Whether a condition holds; one that cannot be computed does not, and no condition always does. */
export function holds(condition: string | null, given: Given): boolean {
  return condition === null || valueOrNull(condition, given) === true
}
