// Guarantees 1 and 3: a worker that was paused writes nothing that people may have rejected meanwhile.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { merge, openMerging, owner, rowsOf, sealed, statuses, update, type Merging } from './scripted-merge.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const TOO_LATE = { error: { code: 'too-late', retryable: true } }

describe('a commit that may begin within 20 seconds', () => {
  it('is written when it begins in time', async () => {
    const set = sealed(update)
    house.org.script = { query: rowsOf(set) }
    expect(statuses(await house.commit(set, 0, 20_000))).toEqual(['composite written'])
  })

  it('is not written when it arrives later', async () => {
    const set = sealed(update)
    house.org.script = { query: rowsOf(set) }
    await expect(house.commit(set, 21_000, 20_000)).rejects.toMatchObject(TOO_LATE)
    expect(house.org.writes).toEqual([])
  })

  it('is not written when the process stands still between the look at the org and the write', async () => {
    const set = sealed(update, owner, merge)
    const usual = rowsOf(set)
    const query = (soql: string) => {
      if (soql.includes('FROM PermissionSetAssignment')) house.pass(21_000)
      return usual?.(soql) ?? []
    }
    house.org.script = { query }
    await expect(house.commit(set, 0, 20_000)).rejects.toMatchObject(TOO_LATE)
    expect(house.org.writes).toEqual([])
  })

  it('goes on to the end once its first transaction stands, however long that takes', async () => {
    const set = sealed(update, owner, merge)
    const soap = () => {
      house.pass(60_000)
      return '<x><result><success>true</success></result></x>'
    }
    house.org.script = { query: rowsOf(set), soap }
    expect(statuses(await house.commit(set, 0, 20_000))).toEqual([
      'composite written',
      'owners written',
      'merge written',
    ])
  })
})
