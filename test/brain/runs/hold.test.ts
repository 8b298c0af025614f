import { describe, expect, it } from 'vitest'
import { z } from 'zod'
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
    expect(reasonToHold(lost)).toEqual({ reason: ['An error inside the brain'], retry: true })
  })
})
