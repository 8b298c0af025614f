import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { practice, rest, startOrg, tokenOf } from '../support/running-org.ts'

const ROWS = 1500

let org: PracticeOrg
let token = ''
beforeAll(async () => {
  org = await startOrg({
    load: (empty) => {
      const rows = Array.from({ length: ROWS }, (_, n) => ({ Name: `Row ${n}`, Industry: 'Energy' }))
      empty.loading(ROWS, () => empty.load('Account', rows))
    },
  })
  token = await tokenOf(org.url)
  await practice(org.url, '/automation', { queryTimeoutRows: 1000 })
})
afterAll(() => org.close())

const query = (soql: string) => rest(org.url, token, `/query?q=${encodeURIComponent(soql)}`)

describe('in an org that gives up on reading more than a thousand rows', () => {
  it.each([
    "SELECT Id FROM Account WHERE Industry = 'Energy'",
    "SELECT Id FROM Account WHERE Name LIKE '%ow 1%'",
    "SELECT Id FROM Account WHERE Name != 'Row 1'",
    "SELECT Id FROM Account WHERE Name = 'Row 1' OR Industry = 'Media'",
    "SELECT count() FROM Account WHERE Industry = 'Energy'",
  ])('%s runs into the time limit', async (soql) => {
    const { status, body } = await query(soql)
    expect(body).toEqual([{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }])
    expect(status).toBe(400)
  })

  it.each([
    "SELECT Id FROM Account WHERE Name = 'Row 1'",
    "SELECT Id FROM Account WHERE Name LIKE 'Row 1%' AND Industry = 'Energy'",
    "SELECT Id FROM Account WHERE Name IN ('Row 1', 'Row 2')",
    'SELECT Id FROM Account',
    "SELECT Id FROM Lead WHERE Industry = 'Energy'",
  ])('%s is answered', async (soql) => {
    expect((await query(soql)).status).toBe(200)
  })
})

it('an org has the time to read all of its rows unless it is told otherwise', async () => {
  await practice(org.url, '/automation', {})
  expect((await query("SELECT Id FROM Account WHERE Industry = 'Energy'")).body).toMatchObject({ totalSize: ROWS })
})
