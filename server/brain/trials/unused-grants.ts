// What a mission is granted and no run of a period used: objects without a record, fields that were always blank, proposals never made.
import { fieldsSetBy, objectOf as objectOfOperation, type Operation } from '../../contract/operations/operation.ts'
import { isBlank, type FieldValue } from '../../contract/values/field-value.ts'
import type { MissionDefinition, ReadStep, Template } from '../domain/mission.ts'
import { objectOf } from '../missions/language/variables.ts'
import type { Store } from '../ports/store.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import { RESULT } from '../runs/journal.ts'
import { proposalIn } from './read-trial.ts'

interface Unused {
  /** Runs whose record was looked through. */
  runs: number
  /** True when the period has more runs than were looked through. */
  isCut: boolean
  /** Objects of which no run read a record. */
  objects: string[]
  /** `Object.Field` that was blank in every run. */
  fields: string[]
  /** Proposals, and values of them, that no run made. */
  proposals: string[]
}

const PAGE = 100

/** Looks through the newest runs that started at or after a time. Runs that were erased are left out. */
export async function unusedGrants(
  store: Pick<Store, 'runs' | 'journal'>,
  { mission, definition }: { mission: string; definition: MissionDefinition },
  { since, atMost }: { since: string; atMost: number },
): Promise<Unused> {
  const used = new Set<string>()
  let runs = 0
  let before: string | undefined
  let isCut = false
  for (let more = true; more;) {
    const page = await store.runs({ mission, limit: PAGE, ...(before !== undefined && { before }) })
    for (const run of page) {
      more = run.startedAt >= since && runs < atMost
      if (!more) {
        isCut = run.startedAt >= since
        break
      }
      if (run.erased || run.trigger.undo) continue
      runs += 1
      const evidence = (await store.journal(run.id)).find(({ phase, key }) => phase === 'read' && key === RESULT)
      for (const name of readIn(definition, evidence?.answer)) used.add(name)
      for (const name of proposedIn((await proposalIn(store, run))?.operations ?? [])) used.add(name)
    }
    before = page.at(-1)?.id
    more = more && page.length === PAGE
  }
  return { runs, isCut, ...unusedOf(definition, used) }
}

function readIn({ read }: MissionDefinition, answer: unknown): string[] {
  const evidence = answer as Partial<Evidence> | null | undefined
  if (!evidence?.records) return []
  return read.flatMap((step) => {
    const records = recordsOf(step, read, evidence.records ?? {})
    const changes = 'history' in step ? (evidence.history?.[step.name] ?? []) : []
    const filled = step.fields.filter(
      (field) => records.some(({ values }) => !isBlank(values[field])) || changes.some((each) => each.field === field),
    )
    const isRead = records.length > 0 || 'history' in step
    return [...(isRead ? [objectOf(step)] : []), ...filled.map((field) => `${objectOf(step)}.${field}`)]
  })
}

interface Values {
  values: Readonly<Record<string, FieldValue>>
}

function recordsOf(step: ReadStep, steps: readonly ReadStep[], records: Evidence['records']): readonly Values[] {
  if (!('of' in step)) return records[step.name] ?? []
  const isThere = steps.some(({ name }) => name === step.of)
  return (isThere ? (records[step.of] ?? []) : []).flatMap(
    ({ children }) => children?.[step.relationship]?.records ?? [],
  )
}

const proposedIn = (operations: readonly Operation[]): string[] =>
  operations.flatMap((operation) => {
    const name = `${operation.kind} ${objectOfOperation(operation)}`
    return [name, ...fieldsSetBy(operation).map((field) => `set ${objectOfOperation(operation)}.${field}`)]
  })

function unusedOf(definition: MissionDefinition, used: ReadonlySet<string>): Omit<Unused, 'runs' | 'isCut'> {
  const objects = [...new Set(definition.read.map(objectOf))].filter((object) => !used.has(object))
  const fields = definition.read.flatMap((step) =>
    objects.includes(objectOf(step)) ? [] : step.fields.map((field) => `${objectOf(step)}.${field}`),
  )
  const proposals = definition.propose.flatMap((template) => unusedIn(template, definition, used))
  return {
    objects,
    fields: [...new Set(fields)].filter((field) => !used.has(field)),
    proposals: [...new Set(proposals)],
  }
}

function unusedIn(template: Template, { read, reason }: MissionDefinition, used: ReadonlySet<string>): string[] {
  const stepOf = (name: string) => read.find((step) => step.name === name)
  if (template.kind === 'convert') return used.has('convertLead Lead') ? [] : ['convert a lead']
  if (template.kind === 'merge') {
    const asked = reason.find(({ name }) => name === template.of)?.asked as { of: string } | undefined
    const step = asked && stepOf(asked.of)
    const object = step ? objectOf(step) : ''
    if (!used.has(`merge ${object}`)) return [`merge ${object}`]
    return template.fields
      .filter((field) => !used.has(`set ${object}.${field}`))
      .map((field) => `set ${object}.${field}`)
  }
  const step = template.kind === 'update' ? stepOf(template.record) : null
  const object = template.kind === 'create' ? template.object : step ? objectOf(step) : ''
  const unset = Object.keys(template.set).filter((field) => !used.has(`set ${object}.${field}`))
  return unset.length === Object.keys(template.set).length
    ? [`${template.kind} ${object}`]
    : unset.map((field) => `set ${object}.${field}`)
}
