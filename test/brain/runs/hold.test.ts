import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import { reasonToHold } from '../../../server/brain/runs/hold.ts'

const thrownBy = (attempt: () => unknown): unknown => {
  try {
    attempt()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('an error inside a run', () => {
  it.each([
    ['a wrong call', () => (undefined as unknown as () => void)()],
    ['text that is no JSON', () => JSON.parse('{')],
    ['a value out of range', () => 'x'.repeat(-1)],
    ['a value that does not fit its schema', () => z.string().parse(1)],
    ['a value that does not fit its schema, in the core of zod', () => z.core.parse(z.string(), 1)],
  ])('is a mistake that trying again repeats: %s', (_title, attempt) => {
    expect(reasonToHold(thrownBy(attempt))).toBeNull()
  })

  it('holds the run when only its name is that of a mistake, as a driver may name what passes', () => {
    const lost = Object.assign(new Error('connection lost'), { name: 'TypeError' })
    expect(reasonToHold(lost)).toEqual({
      reason: ['An error inside the brain'],
      retry: true,
      heldFor: 'brain',
    })
  })
})

it.each([
  [{ step: 2, of: 3 }, 'Somebody else is changing one of the records; step 1 stands, step 2 of 3 waits'],
  [{ step: 3, of: 3 }, 'Somebody else is changing one of the records; steps 1–2 stand, step 3 of 3 waits'],
  [null, 'Somebody else is changing one of the records'],
])('a run that holds during a commit says what stands: %o', (waiting, sentence) => {
  const error = { code: 'locked', message: 'locked', orgCode: null, retryable: true, waiting } as const
  expect(reasonToHold(new SalesforceError('commitChangeSet', error))).toEqual({
    reason: [sentence],
    retry: true,
    heldFor: null,
  })
})
