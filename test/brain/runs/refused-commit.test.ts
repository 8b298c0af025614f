// Guarantee 7: a verdict says no more doubt than there is: a write that was refused before it left changed nothing.
import { describe, expect, it } from 'vitest'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { PHASES } from '../../../server/brain/domain/transitions.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { on, useRunning } from '../store/running.ts'

const error = (code: 'refused' | 'not-found', message: string) => ({ code, message, orgCode: null, retryable: false })

describe('a run whose commit fails for good', () => {
  const house = useRunning()
  const before = Object.fromEntries(PHASES.slice(0, -1).map((phase) => [phase, on]))
  const ended = async (commit: PhaseFunction) => {
    const id = await house.start()
    expect(await advanceRun(house.withPhases({ ...before, commit }), id)).toBe('failed')
    return { verdict: (await house.store.run(id))?.verdict, said: (await house.said(id)).at(-1) }
  }
  const refused = () => Promise.reject(new SalesforceError('commitChangeSet', error('refused', 'the decision expired')))

  it('has changed nothing when salesforce-mcp refused it and nothing was asked before', async () => {
    expect(await ended(refused)).toEqual({
      verdict: 'failed',
      said: 'failed: The write was refused: the decision expired; nothing was changed',
    })
  })

  const read = () => Promise.reject(new SalesforceError('readBack', error('not-found', 'gone')))
  /** A commit whose first ask was answered so, and then this. */
  const after =
    (statuses: readonly string[], then: () => Promise<never>): PhaseFunction =>
    async (context) => {
      const transactions = statuses.map((status, index) => ({ n: index + 1, status }))
      await context.ask('commit-v1', null, () => Promise.resolve({ transactions }))
      return then()
    }

  it('has changed nothing when a version before drifted and the next was refused', async () => {
    expect(await ended(after(['notSent', 'notSent'], refused))).toMatchObject({ verdict: 'failed' })
  })

  it('has changed nothing when the values before the write could not be read', async () => {
    expect(await ended(read)).toMatchObject({ verdict: 'failed' })
  })

  it.each([
    ['is unclear', ['written', 'unknown'], refused],
    ['stands in part', ['written', 'notSent'], read],
  ])('leaves it open when an earlier commit of the run %s', async (_title, statuses, then) => {
    expect((await ended(after(statuses, then))).verdict).toBe('unknown')
  })

  it('waits for its verdict when everything was written and the org refuses to show it', async () => {
    const id = await house.start()
    const commit = after(['written', 'already'], read)
    expect(await advanceRun(house.withPhases({ ...before, commit }), id)).toBe('held')
    expect(await house.store.run(id)).toMatchObject({
      verdict: null,
      reason: ['Everything was written; Salesforce refuses to show it: not-found'],
    })
  })
})
