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

  it('leaves it open when an earlier commit of the run was answered', async () => {
    const again: PhaseFunction = async (context) => {
      await context.ask('commit-v1', null, () => Promise.resolve({ transactions: [] }))
      return refused()
    }
    expect((await ended(again)).verdict).toBe('unknown')
  })

  it('leaves it open when what failed is another tool', async () => {
    const reading = () => Promise.reject(new SalesforceError('readBack', error('not-found', 'gone')))
    expect((await ended(reading)).verdict).toBe('unknown')
  })
})
