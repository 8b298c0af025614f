// Guarantee 5: trouble that waiting mends holds the run, also after the first transaction; the rest is written later, nothing twice.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startToken } from './signing.ts'
import { merge, openMerging, owner, rowsOf, sealed, statuses, update, type Merging } from './scripted-merge.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

const refusing = (code: string) => () =>
  `<x><result><errors><message>no</message><statusCode>${code}</statusCode></errors><success>false</success></result></x>`
const done = () => '<x><result><success>true</success></result></x>'

describe('a commit whose second step meets what passes', () => {
  it.each([
    ['a row that stays locked', 'UNABLE_TO_LOCK_ROW', 'locked'],
    ['the limit of requests', 'REQUEST_LIMIT_EXCEEDED', 'limit'],
    ['an ended session', 'INVALID_SESSION_ID', 'expired-session'],
  ])('waits for %s, says what stands, and finishes when it is asked again', async (_title, orgCode, code) => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set), soap: refusing(orgCode) }
    await expect(house.commit(set)).rejects.toMatchObject({
      error: { code, retryable: true, waiting: { step: 2, of: 3 } },
    })
    const composites = house.org.writes.filter((body) => body.includes('compositeRequest'))
    expect(composites).toHaveLength(1)

    house.org.writes.length = 0
    house.org.script = { query: rowsOf(set, { receipt: true }), soap: done }
    expect(statuses(await house.commit(set))).toEqual(['composite already', 'owners written', 'merge written'])
    expect(house.org.writes.filter((body) => body.includes('compositeRequest'))).toEqual([])
  })

  it('waits for the switch that stops all writes', async () => {
    const set = sealed(update, owner, merge)
    const soap = () => {
      house.mcp.stop('writes')
      return done()
    }
    house.org.script = { query: rowsOf(set), soap }
    await expect(house.commit(set)).rejects.toMatchObject({
      error: { code: 'stopped', retryable: true, waiting: { step: 3, of: 3 } },
    })
    await house.mcp.start(await startToken('005000000000001AAA'))
    house.org.script = {
      query: rowsOf(set, { receipt: true, survivor: { OwnerId: '005000000000002AAA' } }),
      soap: done,
    }
    expect(statuses(await house.commit(set))).toEqual(['composite already', 'owners already', 'merge written'])
  })

  it('ends in part for a refusal that waiting does not mend', async () => {
    const set = sealed(update, merge)
    house.org.script = { query: rowsOf(set), soap: refusing('FIELD_CUSTOM_VALIDATION_EXCEPTION') }
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'merge refused'])
  })
})
