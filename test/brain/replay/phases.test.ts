import { missionVersionOf } from '../../../server/brain/missions/catalog.ts'
// Guarantee 8 for runs that heard a language model: computed again without it, whatever the settings name by then.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { sortableIds } from '../../../server/brain/adapters/ids.ts'
import { systemClock as clock } from '../../../server/brain/adapters/clock.ts'
import type { LanguageModel } from '../../../server/brain/ports/model.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { ALL_INSTRUCTIONS } from '../../../server/brain/prompts/prompts.ts'
import { recordModel } from '../../../server/brain/runs/record-model.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { missionPhases } from '../../../server/brain/phases/phases.ts'
import { phasesWith } from '../../../server/brain/boot/parts/phases.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { readRecording } from '../../../server/brain/replay/recording.ts'
import { replayRecording } from '../../../server/brain/replay/replay-recording.ts'
import { answerOf, catalog, mission } from '../questions/same-entity/fake-context.ts'
import { orgOf } from '../questions/same-entity/stories.ts'

const FIELDS = ['Lead.Company', 'Account.Name', 'Account.Website']
const ids = sortableIds(clock)
let store: Store
let close: () => Promise<void>

beforeAll(async () => {
  const database = await openInMemory()
  const { privateKey: checkpointKey } = generateKeyPairSync('ed25519')
  store = await openStore({
    pool: database.pool,
    orgId: '00D000000000001EAA',
    clock,
    ids,
    bodyKey: Buffer.alloc(32, 7),
    checkpointKey,
  })
  close = async () => {
    await store.close()
    await database.close()
  }
  const reason = mission.definition.reason.map((question) =>
    question.kind === 'same-entity'
      ? { ...question, asked: { ...(question.asked as object), model: { fields: FIELDS } }, modelFields: FIELDS }
      : question,
  )
  const activation = { token: 'activation', takenAt: clock.now(), seal: 'a'.repeat(64) }
  await store.transaction(async (tx) => {
    for (const document of catalog.knowledge)
      await tx.insertKnowledge({ ...document, version: 1, origin: document.file, writer: 'test' })
    const definition = { ...mission.definition, reason }
    const entry = { name: mission.name, source: mission.source, definition, usersNamed: true }
    await tx.insertMission(missionVersionOf(entry, 1, mission.grant.knowledge))
    const signed = { activation, userId: '005000000000001AAA', at: clock.now() }
    await tx.activateMission(mission.name, 1, { ...signed, signedFirst: null, endsAt: '2100-01-01T00:00:00.000Z' })
  })
})
afterAll(() => close())

const never: PhaseFunction = () => Promise.reject(new Error('this run ends before'))

it('a run that heard a model is computed again by the recorded words of that model, and none is asked', async () => {
  const org = orgOf('shared-reseller-domain')
  const subject = { object: 'Lead', id: org.lead?.id ?? '' }
  const model: LanguageModel = {
    name: 'a-model',
    endpoint: 'https://llm.example/v1',
    answer: () => Promise.resolve({ text: 'No idea.', model: 'a-model', tokens: { input: 100, output: 3 } }),
  }
  await recordModel(store, { model, instructions: ALL_INSTRUCTIONS, by: 'test' })
  const call = ((tool, input) => Promise.resolve(structuredClone(answerOf(org, tool, input)))) as Salesforce['call']
  const trigger = { kind: 'change', change: 'Lead.created', subject, scope: null, launcher: null } as const
  const { runId } = await startRun(
    { store, clock, ids },
    { mission: mission.name, trigger: { ...trigger, at: clock.now(), idempotencyKey: ids.next() } },
  )
  const phases = { ...missionPhases, decide: never, commit: never }
  const leases = new WorkerLeases(store, ids.next())
  const every = () => () => undefined
  const runner = { engine: 'then', store, clock, ids, leases, salesforce: { call }, model, phases, every }
  expect(await advanceRun(runner, runId)).toBe('done')
  expect((await store.journal(runId)).map(({ key }) => key)).toEqual(
    expect.arrayContaining(['company-model', 'company-model-again']),
  )
  expect((await store.run(runId))?.tokens).toBe(206)

  const deps = { present: store, engine: 'now', phasesWith }
  const replay = await replayRecording(deps, await readRecording(store, runId))
  expect(replay.observations.otherwise).toEqual([])
  expect(replay).toMatchObject({ asked: [], verdict: { recomputed: 'nothing to do' }, isSame: true })
  expect(new Set(replay.phases.map(({ engine }) => engine))).toEqual(new Set(['another']))
})
