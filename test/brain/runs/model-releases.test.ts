// A change of the model, its endpoint or its instructions is recorded for good; without a record no model is asked.
import { drizzle } from 'drizzle-orm/node-postgres'
import { describe, expect, it } from 'vitest'
import { checkModels, type AskedModel } from '../../../scripts/audit/models.ts'
import { ScreenedInput } from '../../../server/brain/domain/screening/screened-input.ts'
import type { LanguageModel } from '../../../server/brain/ports/model.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { ORG_ID } from '../store/databases.ts'
import { useRunning } from '../store/running.ts'

const house = useRunning()
let asked = 0
const model = (name: string, endpoint = 'https://llm.example/v1'): LanguageModel => ({
  name,
  endpoint,
  answer: () => {
    asked += 1
    return Promise.resolve({ text: 'yes', model: name, tokens: { input: 1, output: 1 } })
  },
})

const asking: PhaseFunction = async ({ model: ask }) => {
  await ask?.('model', { instructions: 'Compare.', input: new ScreenedInput({}, {}), schema: {} })
  return { kind: 'next', result: null }
}
const run = async (): Promise<[string, string]> => {
  const id = await house.start()
  return [id, await advanceRun(house.withPhases({ reason: asking }), id)]
}
const releases = async () => (await house.store.modelReleases()).map(({ n, model, by }) => [n, model, by])

describe('a start with a language model', () => {
  it('leaves one record for each model, endpoint and set of instructions, in the order of their use', async () => {
    await house.useModel(model('m-1'), 'Compare.')
    await house.useModel(model('m-1'), 'Compare.')
    await house.useModel(model('m-2'), 'Compare.')
    await house.useModel(model('m-2', 'https://other.example/v1'), 'Compare.')
    await house.useModel(model('m-2', 'https://other.example/v1'), 'Compare.', 'Once more.')
    await house.useModel(model('m-1'), 'Compare.')
    expect((await releases()).map(([n, name]) => [n, name])).toEqual([
      [1, 'm-1'],
      [2, 'm-2'],
      [3, 'm-2'],
      [4, 'm-2'],
      [5, 'm-1'],
    ])
    expect((await releases()).every(([, , by]) => by === 'test')).toBe(true)
    expect((await house.store.modelReleases()).every(({ at }) => at.endsWith('Z'))).toBe(true)
  })

  it.each([
    ['another name', model('m-3')],
    ['another endpoint', model('m-1', 'https://elsewhere.example/v1')],
  ])('that left none, for %s, asks no model: the run holds, and goes on once it is recorded', async (_, unknown) => {
    asked = 0
    house.model = unknown
    const [id, status] = await run()
    expect([status, asked]).toEqual(['held', 0])
    expect((await house.store.run(id))?.reason?.join('')).toMatch(/has no record/)
    await house.useModel(unknown, 'Compare.')
    expect(await advanceRun(house.withPhases({ reason: asking }), id)).toBe('done')
    expect(asked).toBe(1)
  })

  it('whose record lacks the instructions asks no model with them', async () => {
    asked = 0
    await house.useModel(model('m-4'), 'Summarise.')
    expect([(await run())[1], asked]).toEqual(['held', 0])
  })
})

describe('the record', () => {
  const audit = (asked: AskedModel[] = []) => checkModels(drizzle(house.pool), asked)
  const changed = async (statement: string) => {
    await house.pool.query('alter table missions.model_release disable trigger model_release_stays')
    await house.pool.query(statement)
  }

  it.each(["update missions.model_release set model = 'm-9'", 'delete from missions.model_release'])(
    'is not changed by a statement: %s',
    async (statement) => {
      await expect(house.pool.query(statement)).rejects.toThrow(/immutable/)
    },
  )

  it('stands in the ledger of each run that asked, so that the audit finds one that was changed or cut off', async () => {
    await house.useModel(model('m-5'), 'Compare.')
    const [id, status] = await run()
    expect(status).toBe('done')
    const last = (await house.store.modelReleases()).at(-1)
    const { rows } = await house.pool.query<{ states: string }>(
      'select states from missions.ledger_entry where run_id = $1',
      [id],
    )
    const states = rows.flatMap(({ states }) => JSON.parse(states) as [string, AskedModel['is'], string][])
    const named = states.filter(([row]) => row === `model release ${last?.n}`)
    expect(named.map(([, is]) => is.model)).toEqual(['m-5'])
    const asked = named.map(([row, is]) => ({ orgId: ORG_ID, runId: id, row, is }))
    expect(await audit(asked)).toEqual([])
    const calls = await house.pool.query('select release from missions.model_call where run_id = $1', [id])
    expect(calls.rows).toEqual([{ release: last?.n }])
    await changed(`delete from missions.model_release where n = ${last?.n}`)
    expect(await audit(asked)).toEqual([`model release ${last?.n}: was deleted, run ${id} asked it`])
    await changed("update missions.model_release set model = 'cheap' where n = 2")
    expect(await audit()).toEqual(['model release 2: does not follow the release before it'])
  })
})
