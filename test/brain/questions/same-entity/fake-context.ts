// A phase context without journal and org: tools answer from records given, results are kept, knowledge is what is shipped.
import type { FieldValue } from '../../../../server/contract/values/field-value.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../../../server/contract/tools.ts'
import type { RecordValues } from '../../../../server/contract/values/record-values.ts'
import { firstVersions, loadCatalog } from '../../../../server/brain/missions/catalog.ts'
import { missionPhases } from '../../../../server/brain/phases/phases.ts'
import type { MissionVersion } from '../../../../server/brain/domain/mission.ts'
import { render } from '../../../../server/brain/domain/phrase.ts'
import type { AskModel, PhaseContext, PhaseOutcome, ThinkingPhases } from '../../../../server/brain/runs/phase.ts'
import type { Proposal } from '../../../../server/brain/domain/proposal.ts'
import type { NewObservation, Run } from '../../../../server/brain/domain/run.ts'
import { recordId18 } from '../../../../server/brain/domain/record-id.ts'

export type Values = Record<string, FieldValue>
export interface FakeOrg {
  lead: RecordValues | null
  accounts: RecordValues[]
}

export const catalog = await loadCatalog()
const shipped = catalog.missions.find(({ name }) => name === 'duplicate-account-reconciliation')
if (!shipped) throw new Error('the flagship is not in the catalogue')
export const flagship = shipped
const [first] = firstVersions({ ...catalog, missions: [flagship] })
if (!first) throw new Error('the flagship has no first version')
export const mission: MissionVersion = first

/** An 18-character id of the given prefix and number. */
export function idOf(prefix: string, n: number): string {
  return recordId18(`${prefix}${String(n).padStart(15 - prefix.length, '0')}`) ?? ''
}

export const OWNERS = [
  ['elena.marsh@practice.example', 'Elena Marsh'],
  ['david.okafor@practice.example', 'David Okafor'],
  ['jonas.weber@practice.example', 'Jonas Weber'],
].map(([username, name], index) =>
  record('User', idOf('005', 10 + index), { Username: username!, Name: name!, IsActive: true }),
)

export function record(object: string, id: string, values: Values): RecordValues {
  const stamps = {
    CreatedDate: '2026-01-01T00:00:00.000+0000',
    LastModifiedDate: '2026-11-01T00:00:00.000+0000',
    SystemModstamp: '2026-11-01T00:00:00.000+0000',
  }
  return { object, id, values: { Id: id, ...stamps, ...values } }
}

export function lead(values: Values): RecordValues {
  const id = idOf('00Q', 1)
  const owner = { OwnerId: idOf('005', 1), 'Owner.Name': 'Ada Admin' }
  const blank = { IsConverted: false, Matched_Account__c: null, Status: 'Open - Not Contacted' }
  return record('Lead', id, { Name: 'Lee Lead', ...owner, ...blank, ...values })
}

const ACCOUNT_FIELDS = mission.definition.read.flatMap((step) => ('match' in step ? step.fields : []))

/** An account; `children` by relationship, each child with its values. */
export function account(n: number, values: Values, children: Record<string, RecordValues[]> = {}): RecordValues {
  const blank = Object.fromEntries(ACCOUNT_FIELDS.map((field): [string, FieldValue] => [field, null]))
  const owner = { OwnerId: idOf('005', 1), 'Owner.Name': 'Ada Admin', IsPersonAccount: false, Legal_Hold__c: false }
  return {
    ...record('Account', idOf('001', n), { ...blank, ...owner, ...values }),
    children: Object.fromEntries(
      Object.entries(children).map(([name, records]) => [
        name,
        { total: records.length, records: records.map(({ id, values: own }) => ({ id, values: own })) },
      ]),
    ),
  }
}

/** What salesforce-mcp would answer about these records. */
export function answerOf(org: FakeOrg, tool: ToolName, input: unknown): unknown {
  if (tool === 'getObjectSchema') {
    const { object } = input as ToolInput<'getObjectSchema'>
    const fields = (mission.grant.reads[object] ?? []).map((name) => ({ name, label: name.replace(/__c$/, '') }))
    const steps = mission.definition.read.flatMap((step) => ('relationship' in step ? [step] : []))
    const childRelationships = steps.map((step) => ({
      object: step.object,
      field: step.lookup,
      relationshipName: step.relationship,
    }))
    return { object, label: object, fields: [...fields, { name: 'Name', label: 'Name' }], childRelationships, calls: 0 }
  }
  if (tool === 'soqlQuery') {
    const { queries } = input as ToolInput<'soqlQuery'>
    const records = (query: string) => {
      if (query.includes('FROM LeadStatus'))
        return [record('LeadStatus', idOf('01J', 1), { ApiName: 'Closed - Converted' })]
      return query.includes('FROM User') ? OWNERS : org.lead ? [org.lead] : []
    }
    return {
      results: queries.map((query) => ({ totalSize: records(query).length, records: records(query) })),
      calls: 1,
    }
  }
  if (tool === 'findDuplicates') return { records: org.accounts.map(({ children: _, ...own }) => own), calls: 2 }
  if (tool === 'getRelatedRecords') {
    const { ids } = input as ToolInput<'getRelatedRecords'>
    return { records: org.accounts.filter(({ id }) => ids.includes(id)), calls: 1 }
  }
  throw new Error(`no fake answer for ${tool}`)
}

export interface Thought {
  outcome: PhaseOutcome
  /** The last phase that ran. */
  phase: keyof ThinkingPhases
  proposal: Proposal | null
  observations: NewObservation[]
  /** Observations as somebody who may see everything reads them. */
  lines: string[]
  calls: number
  asked: { tool: string; input: unknown }[]
}

const PHASES: readonly (keyof ThinkingPhases)[] = ['trigger', 'read', 'enrich', 'reason', 'propose']
const EVERYTHING = { record: () => true, field: () => true }

/** Walks the thinking phases of one run over the given org. */
export async function think(
  org: FakeOrg,
  version: MissionVersion = mission,
  model: AskModel | null = null,
): Promise<Thought> {
  const results = new Map<string, unknown>()
  const observations: NewObservation[] = []
  const asked: Thought['asked'] = []
  let calls = 0
  const subject = { object: 'Lead', id: idOf('00Q', 1) }
  const run = {
    id: 'run-1',
    subject,
    trigger: { kind: 'change', change: 'Lead.created', subject, at: '2026-11-20T10:00:00.000Z' },
  } as Run
  const context: PhaseContext = {
    run,
    mission: version,
    ask: async (_key, _request, answer, say) => {
      const value = await answer()
      observations.push(...(say?.(value) ?? []))
      return value
    },
    tool: async <T extends ToolName>(
      _key: string,
      tool: T,
      input: ToolInput<T>,
      say?: (answer: ToolOutput<T>) => readonly NewObservation[],
    ) => {
      asked.push({ tool, input })
      const answer = structuredClone(answerOf(org, tool, input)) as ToolOutput<T>
      calls += (answer as { calls: number }).calls
      observations.push(...(say?.(answer) ?? []))
      return answer
    },
    model,
    now: async () => '2026-11-20T10:00:01.000Z',
    result: <T>(phase: string) => structuredClone(results.get(phase)) as T,
    knowledge: async (name) => {
      const document = catalog.knowledge.find((each) => each.name === name)
      if (!document) throw new Error(`no knowledge called ${name}`)
      return { ...document, version: 1 }
    },
    reads: {} as PhaseContext['reads'],
  }
  for (const phase of PHASES) {
    const outcome = await missionPhases[phase](context)
    observations.push(...(outcome.say ?? []))
    if (outcome.kind !== 'wait') results.set(phase, outcome.result)
    if (outcome.kind === 'next' && phase !== 'propose') continue
    const proposal = outcome.kind === 'next' ? (outcome.result as Proposal) : null
    const lines = observations.map(({ text }) => render(text, EVERYTHING))
    return { outcome, phase, proposal, observations, lines, calls, asked }
  }
  throw new Error('no phase ended the thought')
}
