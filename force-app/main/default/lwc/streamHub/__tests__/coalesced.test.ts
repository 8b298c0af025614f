import { describe, expect, it } from '@jest/globals'
import { coalesced } from 'c/streamHub'

describe('A task that runs one at a time', () => {
  it('runs once more after calls that came while it ran, however many they were', async () => {
    const ends: (() => void)[] = []
    const run = coalesced(() => new Promise<void>((resolve) => void ends.push(resolve)))
    const first = run()
    await Promise.all([run(), run()])
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await Promise.resolve()
    expect(ends).toHaveLength(2)
    ends[1]?.()
    await first
    expect(ends).toHaveLength(2)
  })

  it('can run again after it failed', async () => {
    let calls = 0
    const run = coalesced(() => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('the network is gone')) : Promise.resolve()
    })
    await expect(run()).rejects.toThrow('the network is gone')
    await run()
    expect(calls).toBe(2)
  })
})
