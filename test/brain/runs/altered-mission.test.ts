// Guarantee 10: what runs is what an administrator signed, or nothing runs.
import { describe, expect, it } from 'vitest'
import { grantHash } from '../../../server/contract/grant.ts'
import { definitionHash } from '../../../server/brain/domain/intact.ts'
import type { MissionVersion } from '../../../server/brain/domain/mission.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { clock, ids } from '../store/databases.ts'
import { someMission } from '../store/fixtures.ts'
import { on, useRunning } from '../store/running.ts'

type Alter = (mission: MissionVersion) => MissionVersion

const anyone = [{ otherwise: true as const, asks: [{ needs: 1, from: 'permission:View_Missions' }] }]

describe('a mission whose stored version is not what was activated', () => {
  const house = useRunning()

  it.each<[string, Alter, RegExp]>([
    ['a gate line', (m) => ({ ...m, grant: { ...m.grant, gate: anyone } }), /stored grant/],
    ['the definition alone', (m) => ({ ...m, definition: { ...m.definition, gate: anyone } }), /stored definition/],
    [
      'a limit',
      (m) => ({ ...m, definition: { ...m.definition, limits: { ...m.definition.limits, perDay: 9 } } }),
      /definition/,
    ],
    ['the text that people read', (m) => ({ ...m, source: `${m.source}\n` }), /stored text/],
    ['the version of a document', (m) => ({ ...m, knowledge: { policy: 2 } }), /stored knowledge/],
    ['a document more', (m) => ({ ...m, knowledge: { ...m.knowledge, other: 1 } }), /stored knowledge/],
  ])('holds its runs for a person when it differs in %s', async (title, alter, part) => {
    const name = `altered-${title.replaceAll(' ', '-')}`
    await house.store.transaction((tx) => tx.insertMission(alter(someMission(name))))
    const { runId } = await startRun({ store: house.store, clock, ids }, { mission: name, trigger: house.trigger() })
    expect(await advanceRun(house.withPhases({ trigger: on }), runId)).toBe('held')
    const run = await house.store.run(runId)
    expect([run?.nextTryAt, run?.reason?.join('')]).toEqual([null, expect.stringMatching(part)])
  })

  it('holds a run whose pinned document has another text', async () => {
    const mission = someMission('other-policy')
    const knowledge = { policy: { version: 1, hash: 'e'.repeat(64) } }
    const grant = { ...mission.grant, knowledge }
    await house.store.transaction((tx) => tx.insertMission({ ...mission, grant, grantHash: grantHash(grant) }))
    const { runId } = await startRun(
      { store: house.store, clock, ids },
      { mission: mission.name, trigger: house.trigger() },
    )
    const read = async (context: Parameters<typeof on>[0]) => {
      await context.knowledge('policy')
      return on(context)
    }
    expect(await advanceRun(house.withPhases({ trigger: on, read }), runId)).toBe('held')
    expect((await house.store.run(runId))?.reason?.join('')).toMatch(/stored knowledge document policy/)
  })
})

describe('a mission that an earlier release installed', () => {
  const house = useRunning()

  it('holds its runs and says what to do', async () => {
    const mission = someMission('earlier')
    const definition = {
      ...mission.definition,
      reason: { question: 'Same?' },
    } as unknown as MissionVersion['definition']
    const signed = { ...mission.grant.definition, parsed: definitionHash(definition) }
    const grant = { ...mission.grant, definition: signed }
    await house.store.transaction((tx) =>
      tx.insertMission({ ...mission, definition, grant, grantHash: grantHash(grant) }),
    )
    const { runId } = await startRun(
      { store: house.store, clock, ids },
      { mission: mission.name, trigger: house.trigger() },
    )
    expect(await advanceRun(house.withPhases({ trigger: on }), runId)).toBe('held')
    expect((await house.store.run(runId))?.reason?.join('')).toBe(
      'mission earlier v1 was written for an earlier release: activate its newest version, or cancel the run',
    )
  })
})

describe('a version in the database', () => {
  const house = useRunning()

  it.each([
    "update missions.mission_version set body = replace(body, '1', '2')",
    "update missions.mission_version set grant_hash = ''",
    'delete from missions.mission_version',
    "update missions.knowledge_version set source = ''",
    'delete from missions.knowledge_version',
  ])('is not changed by a statement: %s', async (statement) => {
    await expect(house.pool.query(statement)).rejects.toThrow(/immutable/)
  })
})
