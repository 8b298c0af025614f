import { CONVERTED_STATUS } from '../../contract/org-objects.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { addSeconds } from '../../contract/values/instant.ts'
import { describedAs, known, withStamps, type Schema } from '../domain/described.ts'
import type {
  ChildrenStep,
  HistoryStep,
  MatchStep,
  MissionDefinition,
  ReadStep,
  RecordStep,
} from '../domain/mission.ts'
import { named } from '../domain/named-record.ts'
import { isRecordId } from '../domain/record-id.ts'
import type { NewObservation } from '../domain/run.ts'
import { fit, nameOf } from '../domain/say.ts'
import { namedIn } from '../expressions/expression.ts'
import { askingOf, objectOf } from '../missions/language/variables.ts'
import type { Evidence, OrgUser } from '../questions/asking/evidence.ts'
import { kindOf } from '../questions/registry.ts'
import { likeLead } from '../questions/same-entity/read/search-terms.ts'
import { nothingToDo } from '../runs/nothing-to-do.ts'
import type { PhaseContext, PhaseFunction } from '../runs/phase.ts'
import { documentsOf, givenAfterReading, parsedFrom, valueOrNull, type Documents } from './given/given.ts'
import { skipped } from './skip.ts'
import type { TriggerResult } from './trigger.ts'

/** Search may not know records of the last minutes, so those of the last two hours are looked up as well. */
const FRESH_SECONDS = 2 * 3600
/** Children read of each record and relationship. */
const CHILDREN = 200
/** Queries that one call of `soqlQuery` takes. */
const QUERIES_PER_CALL = 5

/** Reads every step of the mission, in as few calls as their order allows. */
export const read: PhaseFunction = async (context) => {
  const { definition } = context.mission
  const documents = await documentsOf(context)
  const schemas = await schemasOf(context, definition)
  const evidence: Evidence = {
    records: {},
    types: typesOf(schemas, definition.read),
    labels: describedAs(schemas),
    users: [],
    at: await context.now('read-at'),
    convertedStatus: null,
  }
  await readRecords(context, schemas, evidence, documents)
  const start = definition.read.find((step) => 'id' in step && step.id === 'trigger.recordId')
  if (start && (evidence.records[start.name] ?? []).length === 0)
    return nothingToDo([`The ${objectOf(start)} no longer exists`])
  const given = givenAfterReading(definition, context.run, evidence, documents, null)
  const skip = skipped(definition, given, (name) => name === 'trigger' || name in evidence.records)
  if (skip) return skip
  for (const step of definition.read) if ('match' in step) await readMatches(context, step, schemas, evidence)
  for (const step of definition.read) if ('history' in step) await readHistory(context, step, evidence)
  for (const step of definition.read) await readChildren(context, step, schemas, evidence)
  return { kind: 'next', result: evidence }
}

/** Descriptions are cached by salesforce-mcp and do not count as calls of a run. */
async function schemasOf(context: PhaseContext, definition: MissionDefinition): Promise<Map<string, Schema>> {
  const created = definition.propose.flatMap((template) => (template.kind === 'create' ? [template.object] : []))
  const schemas = new Map<string, Schema>()
  const objects = new Set([
    ...definition.read.filter((step) => !('of' in step)).map(objectOf),
    ...childObjects(definition),
    ...created,
  ])
  for (const object of objects) {
    if (!context.mission.grant.reads[object]) continue
    const input = { grant: context.mission.grantHash, object }
    schemas.set(object, await context.tool(`schema-${object}`, 'getObjectSchema', input))
  }
  return schemas
}

/** Objects of children whose fields an expression may take. */
function childObjects({ read, reason, propose, let: lets, skip }: MissionDefinition): string[] {
  const written = JSON.stringify([reason, propose, lets, skip])
  return read.flatMap((step) => ('of' in step && written.includes(step.name) ? [step.object] : []))
}

function typesOf(schemas: ReadonlyMap<string, Schema>, steps: readonly ReadStep[]): Evidence['types'] {
  return Object.fromEntries(
    [...schemas].map(([object, { fields }]) => {
      const wanted = new Set(steps.filter((step) => objectOf(step) === object).flatMap((step) => step.fields))
      const types = fields.filter(({ name }) => wanted.has(name)).map(({ name, type }) => [name, type] as const)
      return [object, Object.fromEntries(types)]
    }),
  )
}

interface Asked {
  query: string
  keep(records: RecordValues[]): void
}

/** Steps with an id, those first whose id is known first; with the first of them what questions and proposals ask by themselves. */
async function readRecords(
  context: PhaseContext,
  schemas: ReadonlyMap<string, Schema>,
  evidence: Evidence,
  documents: Documents,
): Promise<void> {
  const { definition } = context.mission
  let waiting = definition.read.filter((step): step is RecordStep => 'id' in step)
  let more = [...userQueries(context, evidence, documents), ...statusQueries(context, evidence)]
  for (let round = 1; waiting.length > 0 || more.length > 0; round += 1) {
    const ready = waiting.filter((step) => isKnown(step, evidence))
    if (ready.length === 0 && more.length === 0) throw new TypeError('a read step waits for one that is read after it')
    const asked = [...ready.flatMap((step) => recordQuery(context, step, schemas, evidence)), ...more]
    await askAll(context, round === 1 ? 'records' : `records-${round}`, asked, ready.length > 0)
    waiting = waiting.filter((step) => !ready.includes(step))
    more = []
  }
}

const isKnown = ({ id }: RecordStep, { records }: Evidence): boolean =>
  namedIn(id).every(({ variable }) => variable === 'trigger' || variable in records)

function recordQuery(
  context: PhaseContext,
  step: RecordStep,
  schemas: ReadonlyMap<string, Schema>,
  evidence: Evidence,
): Asked[] {
  evidence.records[step.name] = []
  const { definition } = context.mission
  const id = valueOrNull(step.id, givenAfterReading(definition, context.run, evidence, new Map(), null))
  if (typeof id !== 'string' || !isRecordId(id)) return []
  const fields = withStamps(known(step.fields, schemas.get(step.object)))
  return [
    {
      query: `SELECT ${fields.join(', ')} FROM ${step.object} WHERE Id = '${id}'`,
      keep: (records) => (evidence.records[step.name] = records),
    },
  ]
}

function userQueries({ mission }: PhaseContext, evidence: Evidence, documents: Documents): Asked[] {
  const asking = askingOf(mission.definition, parsedFrom(documents))
  const usernames = asking.flatMap(({ question, asking: at }) => kindOf(question.kind).users(question.asked, at))
  if (usernames.length === 0) return []
  const list = [...new Set(usernames)].map((name) => `'${name.replaceAll(/['\\]/g, '\\$&')}'`).join(', ')
  return [
    {
      query: `SELECT Id, Name, Username, IsActive FROM User WHERE Username IN (${list})`,
      keep: (records) => (evidence.users = records.map(userOf)),
    },
  ]
}

function statusQueries({ mission }: PhaseContext, evidence: Evidence): Asked[] {
  if (!mission.definition.propose.some(({ kind }) => kind === 'convert')) return []
  return [
    {
      query: `SELECT Id, ApiName, MasterLabel FROM ${CONVERTED_STATUS.object} WHERE IsConverted = true LIMIT 1`,
      keep: ([status]) => (evidence.convertedStatus = String(status?.values['ApiName'] ?? '') || null),
    },
  ]
}

async function askAll(context: PhaseContext, key: string, asked: readonly Asked[], sayNames: boolean): Promise<void> {
  for (let n = 0; n < asked.length; n += QUERIES_PER_CALL) {
    const some = asked.slice(n, n + QUERIES_PER_CALL)
    const input = { grant: context.mission.grantHash, queries: some.map(({ query }) => query) }
    const { results } = await context.tool(n === 0 ? key : `${key}+${n}`, 'soqlQuery', input, (answer) =>
      n === 0 && sayNames ? readSaid(answer.results[0]?.records[0]) : [],
    )
    some.forEach(({ keep }, index) => keep(results[index]?.records ?? []))
  }
}

function readSaid(record: RecordValues | undefined): NewObservation[] {
  return record ? [{ kind: 'read', text: fit([nameOf(named(record)), ' was read']) }] : []
}

async function readMatches(
  context: PhaseContext,
  step: MatchStep,
  schemas: ReadonlyMap<string, Schema>,
  evidence: Evidence,
): Promise<void> {
  evidence.records[step.name] = []
  const start = evidence.records[step.to]?.[0]
  if (!start) return
  const like = likeLead(start.values, step.by)
  if (like.words.length + like.domains.length + like.phones.length === 0) return
  const { at } = context.result<TriggerResult>('trigger')
  const found = await context.tool(
    step.name,
    'findDuplicates',
    {
      grant: context.mission.grantHash,
      object: step.match,
      like,
      fields: withStamps(known(step.fields, schemas.get(step.match))),
      createdSince: addSeconds(at, -FRESH_SECONDS),
      atMost: step.atMost,
    },
    ({ records, leftOut = 0 }) => [
      {
        kind: 'read',
        text: [
          counted(records.length, 'account'),
          ' looked similar',
          ...(leftOut > 0 ? [`; ${leftOut} less similar left out`] : []),
        ],
        records: records.map(key),
      },
    ],
  )
  evidence.records[step.name] = [...found.records].sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function readHistory(context: PhaseContext, step: HistoryStep, evidence: Evidence): Promise<void> {
  const about = evidence.records[step.history]?.[0]
  if (!about) return
  const { object, id } = about
  const input = { grant: context.mission.grantHash, object, id, fields: step.fields }
  const { changes } = await context.tool(step.name, 'getRecordHistory', input, (answer) => [
    {
      kind: 'read',
      text: [`${counted(answer.changes.length, 'earlier change')} of ${step.fields.join(', ')}`],
      records: [{ object, id }],
      fields: step.fields.map((field) => `${object}.${field}`),
    },
  ])
  evidence.history = { ...evidence.history, [step.name]: changes }
}

/** The children that other steps read of this step's records, in one call. */
async function readChildren(
  context: PhaseContext,
  step: ReadStep,
  schemas: ReadonlyMap<string, Schema>,
  evidence: Evidence,
): Promise<void> {
  const parents = evidence.records[step.name] ?? []
  const schema = schemas.get(objectOf(step))
  const relationships = context.mission.definition.read
    .filter((each): each is ChildrenStep => 'of' in each && each.of === step.name)
    .filter(
      ({ relationship }) => !schema || schema.childRelationships.some((each) => each.relationshipName === relationship),
    )
    .map((each) => ({ path: each.relationship, fields: withStamps([...each.fields, each.lookup]), limit: CHILDREN }))
  if (parents.length === 0 || relationships.length === 0) return
  const { records, apart = [] } = await context.tool(
    `${step.name}-related`,
    'getRelatedRecords',
    {
      grant: context.mission.grantHash,
      object: objectOf(step),
      ids: parents.map(({ id }) => id),
      fields: withStamps(known(step.fields, schema)),
      relationships,
    },
    (answer) => [{ kind: 'read', text: [hangingOn(childrenOf(answer.records))] }],
  )
  evidence.records[step.name] = [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (apart.length > 0) evidence.apart = [...(evidence.apart ?? []), ...apart]
}

const childrenOf = (records: readonly RecordValues[]) =>
  records
    .flatMap(({ children }) => Object.values(children ?? {}))
    .reduce((sum, { records: some }) => sum + some.length, 0)

const hangingOn = (count: number) =>
  count === 0
    ? 'No other records hang on them'
    : `${counted(count, 'related record')} ${count === 1 ? 'was' : 'were'} read`

const counted = (count: number, noun: string) => `${count === 0 ? 'No' : count} ${noun}${count === 1 ? '' : 's'}`

const key = ({ object, id }: RecordValues) => ({ object, id })

const userOf = ({ id, values }: RecordValues): OrgUser => ({
  id,
  name: String(values['Name'] ?? ''),
  username: String(values['Username'] ?? ''),
  isActive: values['IsActive'] === true,
})
