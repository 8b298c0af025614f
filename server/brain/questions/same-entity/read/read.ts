import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { ReadStep } from '../../../domain/mission.ts'
import type { PhaseContext, PhaseFunction } from '../../../runs/phase.ts'
import type { NewObservation } from '../../../domain/run.ts'
import { fit, nameOf, valueOf } from '../../../domain/say.ts'
import { addSeconds } from '../../../../contract/values/instant.ts'
import { ownersNamed, territoryRules } from '../../../knowledge/territories.ts'
import { nothingToDo } from '../../../runs/nothing-to-do.ts'
import type { OrgUser, ReadResult, TriggerResult } from '../shapes/phase-results.ts'
import { likeLead } from './search-terms.ts'
import { describedAs, known, withStamps, type Schema } from '../../../missions/readable-fields.ts'

type RecordStep = Extract<ReadStep, { id: string }>
type MatchStep = Extract<ReadStep, { match: string }>
type ChildrenStep = Extract<ReadStep, { relationship: string }>

/** Search may not know records of the last minutes, so those of the last two hours are looked up as well. */
const FRESH_SECONDS = 2 * 3600
/** Children read of each account and relationship; a merge that moves more is called large. */
const CHILDREN = 200

/** Reads the lead, accounts like it, and what hangs on them: four Salesforce calls. */
export const read: PhaseFunction = async (context) => {
  const steps = context.mission.definition.read
  const leadStep = steps.find((step): step is RecordStep => 'id' in step)
  const matchStep = steps.find((step): step is MatchStep => 'match' in step)
  if (!leadStep) return nothingToDo(['This mission reads no record to start from'])
  if (!matchStep) return nothingToDo(['This mission has no match step, so it looks for no duplicates'])
  const schemas = await schemasOf(context, [leadStep.object, matchStep.match, 'Task'])
  const { lead, owners, convertedStatus } = await readLead(context, leadStep, schemas.get(leadStep.object))
  if (!lead) return nothingToDo([`The ${leadStep.object} no longer exists`])
  if (lead.values['IsConverted'] === true)
    return nothingToDo([nameOf(named(lead)), ' is converted already'], { records: [key(lead)] })
  const accounts = await readAccounts(context, lead, matchStep, schemas.get(matchStep.match))
  const result: ReadResult = { lead, accounts, owners, labels: describedAs(schemas), convertedStatus }
  return { kind: 'next', result }
}

/** Descriptions are cached by salesforce-mcp and do not count as calls of a run. */
async function schemasOf(context: PhaseContext, objects: readonly string[]): Promise<Map<string, Schema>> {
  const schemas = new Map<string, Schema>()
  for (const object of objects) {
    if (!context.mission.grant.reads[object]) continue
    const input = { grant: context.mission.grantHash, object }
    schemas.set(object, await context.tool(`schema-${object}`, 'getObjectSchema', input))
  }
  return schemas
}

async function readLead(context: PhaseContext, step: RecordStep, schema: Schema | undefined) {
  const { subject } = context.result<TriggerResult>('trigger')
  const fields = withStamps(known(step.fields, schema))
  const queries = [`SELECT ${fields.join(', ')} FROM ${step.object} WHERE Id = '${subject.id}'`]
  const usernames = await territoryOwners(context)
  if (usernames.length > 0) {
    const list = usernames.map((name) => `'${name.replaceAll(/['\\]/g, '\\$&')}'`).join(', ')
    queries.push(`SELECT Id, Name, Username, IsActive FROM User WHERE Username IN (${list})`)
  }
  const converts = context.mission.definition.propose.convert !== null
  if (converts) queries.push('SELECT Id, ApiName, MasterLabel FROM LeadStatus WHERE IsConverted = true LIMIT 1')
  const { results } = await context.tool('lead', 'soqlQuery', { grant: context.mission.grantHash, queries }, (answer) =>
    readSaid(answer.results[0]?.records[0]),
  )
  return {
    lead: results[0]?.records[0],
    owners: usernames.length > 0 ? (results[1]?.records ?? []).map(userOf) : [],
    convertedStatus: converts ? String(results.at(-1)?.records[0]?.values['ApiName'] ?? '') || null : null,
  }
}

async function territoryOwners(context: PhaseContext): Promise<string[]> {
  if (!context.mission.definition.knowledge.includes('territory-rules')) return []
  return ownersNamed(territoryRules((await context.knowledge('territory-rules')).source))
}

function readSaid(lead: RecordValues | undefined): NewObservation[] {
  if (!lead) return []
  const record = named(lead)
  const text = [nameOf(record), ' of ', valueOf(record, 'Company', lead.values['Company'] ?? null), ' was read']
  return [{ kind: 'read', text: fit(text) }]
}

async function readAccounts(context: PhaseContext, lead: RecordValues, step: MatchStep, schema: Schema | undefined) {
  const like = likeLead(lead.values, step.by)
  if (like.words.length + like.domains.length + like.phones.length === 0) return []
  const { at } = context.result<TriggerResult>('trigger')
  const grant = context.mission.grantHash
  const fields = withStamps(known(step.fields, schema))
  const found = await context.tool(
    'candidates',
    'findDuplicates',
    { grant, object: step.match, like, fields, createdSince: addSeconds(at, -FRESH_SECONDS), atMost: step.atMost },
    ({ records }) => [
      { kind: 'read', text: [counted(records.length, 'account'), ' looked similar'], records: records.map(key) },
    ],
  )
  if (found.records.length === 0) return []
  const relationships = context.mission.definition.read
    .filter((each): each is ChildrenStep => 'of' in each && each.of === step.name)
    .filter(
      ({ relationship }) => !schema || schema.childRelationships.some((each) => each.relationshipName === relationship),
    )
    .map((each) => ({ path: each.relationship, fields: withStamps([...each.fields, each.lookup]), limit: CHILDREN }))
  const ids = found.records.map(({ id }) => id)
  const { records } = await context.tool(
    'related',
    'getRelatedRecords',
    { grant, object: step.match, ids, fields, relationships },
    (answer) => [{ kind: 'read', text: [hangingOn(childrenOf(answer.records))] }],
  )
  return [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
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

const named = ({ object, id, values }: RecordValues) => ({
  object,
  id,
  name: String(values['Name'] ?? `(unnamed ${object})`),
})

const userOf = ({ id, values }: RecordValues): OrgUser => ({
  id,
  name: String(values['Name'] ?? ''),
  username: String(values['Username'] ?? ''),
  isActive: values['IsActive'] === true,
})
