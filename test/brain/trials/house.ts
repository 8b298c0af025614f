// A brain with the real phases, one mission over contacts, and an org of a few contacts that is played. Its HTTP door is open.
import { readFileSync } from 'node:fs'
import { afterAll } from 'vitest'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import type { ToolInput, ToolName } from '../../../server/contract/tools.ts'
import { phasesWith } from '../../../server/brain/boot/parts/phases.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { backTestRecording } from '../../../server/brain/trials/back-test.ts'
import type { BrainDeps } from '../../../server/brain/http/requests/deps.ts'
import { draftOf } from '../../../server/brain/missions/draft.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { readRecording } from '../../../server/brain/replay/recording.ts'
import { OFFLINE, replayRecording } from '../../../server/brain/replay/replay-recording.ts'
import type { Replay } from '../../../server/brain/replay/shapes/replay.ts'
import type { FakeSalesforce } from '../decisions/fake-salesforce.ts'
import { HOLD_SECONDS, openWorld, SETTLE_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from '../http/server.ts'
import { idOf } from '../questions/same-entity/fake-context.ts'

const text = (file: string) => readFileSync(new URL(`../missions/broken/${file}`, import.meta.url), 'utf8')
export const SOURCE = text('sound.yaml')
export const RULES = text('sound.md')
const ACCOUNT = idOf('001', 1)
const OWNER = idOf('005', 7)

type Values = Record<string, FieldValue>

export interface TrialHouse {
  door: Door
  /** Contacts of the org, by id. */
  contacts: Map<string, Values>
  /** Adds a contact with a title; returns its id. */
  contact(title: string | null): string
  /** Installs a text as the next version, as the start does. */
  install(source: string, rules: string, isActive?: boolean): Promise<void>
  /** Starts a run as a change event does. */
  changed(recordId: string): Promise<string>
  advance(runId: string): Promise<Run>
  replay(runId: string): Promise<Replay>
  /** Calls of tools so far, but for those about people. */
  calls: string[]
  salesforce: Salesforce
  /** What it hides from whom. */
  org: FakeSalesforce
}

export async function openTrialHouse(): Promise<TrialHouse> {
  const { world, close } = await openWorld()
  afterAll(() => close())
  const contacts = new Map<string, Values>()
  const calls: string[] = []
  const opened = new Set<string>()
  const { store, clock, ids } = world
  const call = (async (tool: ToolName, input: unknown, context: unknown) => {
    if (tool === 'openGrant') {
      const { grant } = input as { grant: { mission: string; version: number } }
      const active = (await store.activeMissions()).find(({ name }) => name === grant.mission)
      if (active?.version !== grant.version)
        throw new SalesforceError(tool, { code: 'inactive', message: 'not active', orgCode: null, retryable: false })
      opened.add(active.grantHash)
      return { grant: active.grantHash, until: '2100-01-01T00:00:00.000Z' }
    }
    if (tool !== 'soqlQuery' && tool !== 'getObjectSchema')
      return world.salesforce.call(tool as never, input as never, context as never)
    calls.push(tool)
    if (!opened.has((input as { grant: string }).grant))
      throw new SalesforceError(tool, { code: 'not-granted', message: 'not open', orgCode: null, retryable: false })
    return tool === 'soqlQuery' ? answered(input as ToolInput<'soqlQuery'>) : described(input as never)
  }) as Salesforce['call']

  const answered = ({ queries }: ToolInput<'soqlQuery'>) => {
    const results = queries.map((query) => {
      const records = recordsFor(query)
      return { totalSize: records.length, records }
    })
    return { results, calls: 1 }
  }
  const stamped = (object: string, id: string, values: Values) => ({
    object,
    id,
    values: { Id: id, SystemModstamp: '2026-11-01T00:00:00.000+0000', ...values },
  })
  const recordsFor = (query: string) => {
    const id = /Id (?:= |IN \()'(\w+)'/.exec(query)?.[1]
    if (query.includes('FROM Account')) return [stamped('Account', ACCOUNT, { Name: 'Quarry', OwnerId: OWNER })]
    const limit = Number(/LIMIT (\d+)/.exec(query)?.[1] ?? 1)
    const all = [...contacts].filter(([each]) => id === undefined || each === id)
    return all.slice(0, limit).map(([each, values]) => stamped('Contact', each, values))
  }
  const described = ({ object }: { object: string }) => {
    const names = ['Id', 'Name', 'Title', 'Department', 'OwnerId', 'AccountId', 'Phone']
    const fields = names.map((name) => ({ name, label: name, type: 'string' }))
    return { object, label: object, fields, childRelationships: [], calls: 0 }
  }

  const phases = phasesWith(OFFLINE)
  const backTestRun: BrainDeps['backTestRun'] = async (runId, draft) =>
    backTestRecording({ present: store, phases }, await readRecording(store, runId), structuredClone(draft))
  const door = await openDoor({}, () => ({ salesforce: { call }, backTestRun }), world)
  const deps = { store, clock, ids, salesforce: { call }, holdSeconds: HOLD_SECONDS, settleSeconds: SETTLE_SECONDS }
  const runner = {
    ...deps,
    engine: 'of this test',
    leases: new WorkerLeases(store, ids.next()),
    model: null,
    phases: phasesWith(deps),
    every: () => () => undefined,
    onError: (_id: string, error: unknown) => void errors.push(error),
  }
  const errors: unknown[] = []
  return {
    door,
    contacts,
    calls,
    salesforce: { call },
    org: world.salesforce,
    contact(title) {
      const id = idOf('003', contacts.size + 1)
      const name = `Person ${contacts.size + 1}`
      contacts.set(id, { Name: name, Title: title, Department: null, OwnerId: idOf('005', 1), AccountId: ACCOUNT })
      return id
    },
    async install(source, rules, isActive = true) {
      const draft = await draftOf(store, { source, knowledge: { rules } })
      if ('findings' in draft) throw new Error(JSON.stringify(draft.findings))
      const { mission, documents } = draft
      await store.transaction(async (tx) => {
        for (const document of documents.values())
          if (!(await tx.knowledge(document.name, document.version)))
            await tx.insertKnowledge({ ...document, origin: 'test', writer: 'test' })
        await tx.insertMission(mission)
        if (!isActive) return
        const activation = { token: 'activation', takenAt: clock.now(), seal: 'a'.repeat(64) }
        const signed = { activation, userId: OWNER, at: clock.now(), signedFirst: null }
        await tx.activateMission(mission.name, mission.version, { ...signed, endsAt: '2100-01-01T00:00:00.000Z' })
      })
    },
    async changed(recordId) {
      const subject = { object: 'Contact', id: recordId }
      const trigger = { kind: 'change', change: 'Contact.updated', subject, scope: null, launcher: null } as const
      const { runId } = await startRun(
        { store, clock, ids },
        { mission: 'contact-left', trigger: { ...trigger, at: clock.now(), idempotencyKey: ids.next() } },
      )
      return runId
    },
    async advance(runId) {
      await advanceRun(runner, runId)
      const run = await store.run(runId)
      if (!run) throw new Error('the run is gone')
      if (run.status === 'failed') throw errors.at(-1) ?? new Error('the run failed')
      return run
    },
    replay: async (runId) =>
      replayRecording({ present: store, engine: 'of this test', phasesWith }, await readRecording(store, runId)),
  }
}
