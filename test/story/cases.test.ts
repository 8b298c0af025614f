// Situations that go wrong for people, each with what is right: what the org holds, the lead that arrives, and what happens meanwhile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DecisionView } from '../../server/contract/http.ts'
import { copiedPermissionSets, setEditable } from '../support/permission-set-folders.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { convertByHand } from '../support/convert-lead.ts'
import { until } from '../support/until.ts'

const Fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const Step = z.union([
  z.strictObject({ lead: z.string(), fields: Fields }),
  z.strictObject({ leads: z.number(), fields: Fields }),
  z.strictObject({ change: z.string(), object: z.string().default('Account'), fields: Fields }),
  z.strictObject({ create: z.string(), object: z.string(), fields: Fields }),
  z.strictObject({ delete: z.string(), object: z.string() }),
  z.strictObject({ convert: z.string(), into: z.string() }),
  z.strictObject({ approve: z.string() }),
  z.strictObject({ reject: z.string(), as: z.string() }),
  z.strictObject({ settle: z.string() }),
  z.strictObject({ wait: z.number() }),
])
const Expected = z.strictObject({
  merges: z.array(z.array(z.string())).optional(),
  needs: z.number().optional(),
  moves: z.record(z.string(), z.number()).optional(),
  shows: z.array(z.string()).default([]),
  neverShows: z.array(z.string()).default([]),
  neverSets: z.array(z.string()).default([]),
})
const After = z.strictObject({
  accounts: z.record(z.string(), z.enum(['stays', 'merged'])).default({}),
  linked: z.record(z.string(), z.array(z.string()).nullable()).default({}),
  closed: z.array(z.string()).default([]),
  noMerge: z.array(z.string()).default([]),
  verdictNot: z.record(z.string(), z.array(z.string())).default({}),
  openMergesAtMost: z.number().optional(),
})
const Case = z.strictObject({
  case: z.string(),
  pattern: z.string(),
  about: z.string(),
  records: z.array(z.strictObject({ as: z.string(), object: z.string(), fields: Fields })),
  many: z.array(z.strictObject({ count: z.number(), object: z.string(), fields: Fields })).default([]),
  lead: Fields.optional(),
  steps: z.array(Step).default([]),
  expect: Expected.optional(),
  after: After.optional(),
})
type Case = z.output<typeof Case>

const CASES = z.array(Case).parse(JSON.parse(readFileSync(join(import.meta.dirname, 'decision-cases.json'), 'utf8')))
const CURRENCIES = {
  currencies: [
    { code: 'USD', rate: 1 },
    { code: 'JPY', rate: 150 },
  ],
}

const folder = mkdtempSync(join(tmpdir(), 'missions-cases-'))
const permissionSets = copiedPermissionSets()
let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  const setupFile = join(folder, 'setup.json')
  writeFileSync(setupFile, JSON.stringify(CURRENCIES))
  // The administrators of this org may put an account under legal hold.
  setEditable(permissionSets, 'Missions_Decider', 'Account.Legal_Hold__c')
  stack = await startStack({ setupFile, permissionSets, size: 0 })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  for (const each of [folder, permissionSets]) rmSync(each, { recursive: true, force: true })
})

/** What a case has made so far, by the names it gives. */
class Scene {
  readonly ids = new Map<string, string>()

  id(name: string): string {
    const found = this.ids.get(name.replace(/^@/, ''))
    if (found === undefined) throw new Error(`the case has no ${name}`)
    return found
  }

  fields(fields: z.output<typeof Fields>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' && value.startsWith('@') ? this.id(value) : value,
      ]),
    )
  }

  async create(as: string, object: string, fields: z.output<typeof Fields>): Promise<void> {
    const own = object === 'Lead' ? { LastName: as, ...fields } : fields
    this.ids.set(as, await admin.create(object, this.fields(own)))
  }

  nameOf(id: string): string {
    return [...this.ids].find(([, each]) => each === id)?.[0] ?? id
  }
}

/** Asks at most once in half a second: a person may ask no more. */
const seen = <T>(what: string, look: () => Promise<T | false | null | undefined>, withinMs = 60_000): Promise<T> =>
  until(what, async () => (await setTimeout(500), look()), withinMs)

/** A run that hangs on another question stays in its phase; one that opens its own is through it at once. */
const LOOKS_OF_A_HANGING_RUN = 6

/** The newest run about the record, once it waits for a person, hangs on another question, or has ended. */
function restingRun(id: string) {
  let looks = 0
  return seen(`a run about ${id} that rests`, async () => {
    const [run] = await admin.runsAbout(id)
    looks = run?.phase === 'decide' && run.status === 'running' ? looks + 1 : 0
    const isResting = run && ['waiting', 'done', 'failed', 'cancelled'].includes(run.status)
    return run && (isResting || looks >= LOOKS_OF_A_HANGING_RUN) && run
  })
}

async function openDecisionOf(id: string): Promise<DecisionView | null> {
  const [open] = (await admin.decisionsAbout(id)).filter(({ status }) => status === 'open')
  return open ? admin.decision(open.id) : null
}

async function arrive(scene: Scene, as: string, fields: z.output<typeof Fields>): Promise<DecisionView | null> {
  await scene.create(as, 'Lead', fields)
  const run = await restingRun(scene.id(as))
  if (run.status !== 'waiting' || run.decisionId === null) return null
  const decision = await admin.decision(run.decisionId)
  const [merge] = mergesOf(decision)
  if (merge) {
    scene.ids.set('survivor', merge.survivor)
    scene.ids.set('loser', merge.losers[0] ?? '')
  }
  return decision
}

interface Merge {
  survivor: string
  losers: string[]
  fields: Record<string, unknown>
}

const mergesOf = ({ changeSet }: DecisionView): Merge[] =>
  changeSet.operations.filter(({ kind }) => kind === 'merge') as unknown as Merge[]

async function play(scene: Scene, step: Case['steps'][number]): Promise<void> {
  if ('leads' in step) {
    const names = Array.from({ length: step.leads }, (_, n) => `lead${n + 1}`)
    await Promise.all(names.map((name) => scene.create(name, 'Lead', step.fields)))
  } else if ('lead' in step) await arrive(scene, step.lead, step.fields)
  else if ('change' in step) await admin.update(step.object, scene.id(step.change), scene.fields(step.fields))
  else if ('create' in step) await scene.create(step.create, step.object, step.fields)
  else if ('delete' in step) await admin.remove(step.object, scene.id(step.delete))
  else if ('convert' in step) await convertByHand(stack.orgUrl, admin, scene.id(step.convert), scene.id(step.into))
  else if ('approve' in step) await approve(scene.id(step.approve))
  else if ('reject' in step) await second.reject((await openDecisionOf(scene.id(step.reject)))!, step.as)
  else if ('settle' in step) await settle(scene.id(step.settle))
  else await setTimeout(step.wait * 1000)
}

/** Once, by one person; a refusal is no failure. */
async function approve(id: string): Promise<void> {
  const decision = await openDecisionOf(id)
  if (decision) await second.approve(decision).catch(() => null)
  await restingRun(id)
}

/** Approves what is open for the lead until it is linked. */
const settle = (id: string) =>
  seen('the lead is linked', async () => {
    const decision = await openDecisionOf(id)
    if (decision?.you.canApprove) await second.approve(decision).catch(() => null)
    return (await linkOf(id)) !== null
  })

const linkOf = async (id: string) =>
  (await admin.query(`SELECT Matched_Account__c FROM Lead WHERE Id = '${id}'`, true))[0]?.['Matched_Account__c'] ?? null

function checkProposal(scene: Scene, wanted: NonNullable<Case['expect']>, decision: DecisionView | null): void {
  const merges = decision ? mergesOf(decision) : []
  if (wanted.merges) {
    const proposed = merges.map(({ survivor, losers }) => [survivor, ...losers].map((id) => scene.nameOf(id)).sort())
    expect(proposed).toEqual(wanted.merges.map((names) => [...names].sort()))
  }
  if (wanted.needs !== undefined)
    expect(decision?.rosters.reduce((sum, { needs }) => sum + needs, 0)).toBeGreaterThanOrEqual(wanted.needs)
  for (const [object, count] of Object.entries(wanted.moves ?? {}))
    expect(decision?.moves.filter((move) => move.object === object).reduce((sum, move) => sum + move.count, 0)).toBe(
      count,
    )
  const card = JSON.stringify(decision)
  for (const text of wanted.shows) expect(card).toContain(text)
  for (const text of wanted.neverShows) expect(card).not.toContain(text)
  for (const field of wanted.neverSets)
    for (const merge of merges) expect(Object.keys(merge.fields)).not.toContain(field)
}

async function checkAfter(scene: Scene, wanted: NonNullable<Case['after']>): Promise<void> {
  for (const [name, state] of Object.entries(wanted.accounts)) {
    const [account] = await admin.query(`SELECT IsDeleted FROM Account WHERE Id = '${scene.id(name)}'`, true)
    expect([name, account?.['IsDeleted'] === true ? 'merged' : 'stays']).toEqual([name, state])
  }
  for (const [name, accounts] of Object.entries(wanted.linked)) {
    const link = await linkOf(scene.id(name))
    if (accounts === null) expect([name, link]).toEqual([name, null])
    else expect(accounts.map((each) => scene.id(each))).toContain(link)
  }
  for (const name of wanted.closed)
    await seen(`no decision about ${name} is open`, async () => (await openDecisionOf(scene.id(name))) === null, 20_000)
  for (const name of wanted.noMerge) {
    const decision = await openDecisionOf(scene.id(name))
    expect(decision ? mergesOf(decision) : []).toEqual([])
  }
  for (const [name, verdicts] of Object.entries(wanted.verdictNot))
    for (const run of await admin.runsAbout(scene.id(name))) {
      expect(verdicts).not.toContain(run.verdict)
      expect(verdicts).not.toContain(run.status)
    }
  if (wanted.openMergesAtMost !== undefined) {
    const open = (await admin.decisionsAbout(scene.id('a'))).filter(({ status }) => status === 'open')
    expect(open.length).toBeLessThanOrEqual(wanted.openMergesAtMost)
  }
}

const namesRecords = (fields: z.output<typeof Fields>): boolean =>
  Object.values(fields).some((value) => typeof value === 'string' && value.startsWith('@'))

async function makeMany(scene: Scene, { count, object, fields }: Case['many'][number]): Promise<void> {
  const LANES = 10
  let next = 1
  const lane = async () => {
    for (let n = next++; n <= count; n = next++) {
      const own = Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll('{n}', String(n)) : value,
      ])
      await admin.create(object, scene.fields(Object.fromEntries(own) as z.output<typeof Fields>))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

describe.concurrent('a case', () => {
  it.each(CASES.map((each) => [`${each.pattern}: ${each.about}`, each] as const))(
    '%s',
    async (_, { records, many, lead, steps, expect: wanted, after }) => {
      const scene = new Scene()
      for (const rows of many.filter(({ fields }) => !namesRecords(fields))) await makeMany(scene, rows)
      for (const { as, object, fields } of records) await scene.create(as, object, fields)
      for (const rows of many.filter(({ fields }) => namesRecords(fields))) await makeMany(scene, rows)
      const decision = lead ? await arrive(scene, 'lead', lead) : null
      if (wanted) checkProposal(scene, wanted, decision)
      for (const step of steps) await play(scene, step)
      if (after) await checkAfter(scene, after)
    },
    120_000,
  )
})
