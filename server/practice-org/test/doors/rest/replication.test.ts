import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { rest, startOrg, tokenOf } from '../../support/running-org.ts'

const NOON = Date.UTC(2026, 10, 18, 12)
const MINUTE = 60_000
const DAY = 86_400_000

let org: PracticeOrg
let token: string
let now = NOON
beforeAll(async () => {
  org = await startOrg({ now: () => now })
  token = await tokenOf(org.url)
})
afterAll(() => org.close())

const iso = (ms: number): string => encodeURIComponent(new Date(ms).toISOString().replace('.000Z', '+00:00'))
const changes = (kind: string, start: number, end: number, object = 'Account') =>
  rest(org.url, token, `/sobjects/${object}/${kind}/?start=${iso(start)}&end=${iso(end)}`)
const create = async (Name: string): Promise<string> => {
  const { body } = await rest(org.url, token, '/sobjects/Account', { method: 'POST', body: JSON.stringify({ Name }) })
  return (body as { id: string }).id
}

describe('what changed in a span of time', () => {
  it('is told by id, created and deleted rows apart', async () => {
    const [kept, gone] = [await create('Kept'), await create('Gone')]
    now += MINUTE
    await rest(org.url, token, `/sobjects/Account/${gone}`, { method: 'DELETE' })
    const updated = await changes('updated', NOON - MINUTE, NOON + 2 * MINUTE)
    expect((updated.body as { ids: string[] }).ids).toEqual([kept])
    expect(updated.body).toMatchObject({ latestDateCovered: '2026-11-18T12:01:00.000+0000' })
    const { body } = await changes('deleted', NOON - MINUTE, NOON + 2 * MINUTE)
    expect(body).toEqual({
      deletedRecords: [{ deletedDate: '2026-11-18T12:01:00.000+0000', id: gone }],
      earliestDateAvailable: '2026-11-03T12:01:00.000+0000',
      latestDateCovered: '2026-11-18T12:01:00.000+0000',
    })
  })

  it('is told by whole minutes: the end is the first that is not covered, and seconds count for nothing', async () => {
    const idsOf = async (start: number, end: number) => {
      const { body } = await changes('updated', start, end)
      return body as { ids: string[]; latestDateCovered: string }
    }
    now += 5 * MINUTE + 20_000
    const id = await create('In the middle of a minute')
    const minute = Math.floor(now / MINUTE) * MINUTE
    expect((await idsOf(minute - MINUTE, minute + 59_000)).ids).not.toContain(id)
    const covered = await idsOf(minute + 59_000, minute + MINUTE + 1_000)
    expect(covered.ids).toEqual([id])
    expect(covered.latestDateCovered).toBe(new Date(minute).toISOString().replace('Z', '+0000'))
  })

  it('is told beyond the first page of a query', async () => {
    const rows = Array.from({ length: 2100 }, (_, index) => ({ Name: `Many ${index}` }))
    now += 5 * MINUTE
    org.org.load('Account', rows)
    const { body } = await changes('updated', now - MINUTE, now + MINUTE)
    expect((body as { ids: string[] }).ids).toHaveLength(2100)
  })

  it.each([
    ['a span within a minute', 'updated', MINUTE / 4, MINUTE / 2],
    ['a span that ends before it begins', 'updated', 0, -DAY],
    ['a span of 31 days', 'updated', -31 * DAY, 0],
    ['deletions of 16 days ago', 'deleted', -16 * DAY, 0],
  ])('is refused for %s', async (_what, kind, start, end) => {
    const { status, body } = await changes(kind, now + start, now + end)
    expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_REPLICATION_DATE' }] })
  })

  it('is refused for objects that are not replicated, and unknown for unknown ones', async () => {
    const refused = await changes('updated', now - DAY, now, 'RecordType')
    expect(refused).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_TYPE_FOR_OPERATION' }] })
    expect((await changes('updated', now - DAY, now, 'Nothing__c')).status).toBe(404)
  })
})
