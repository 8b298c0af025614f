// Numbers as fields store them: rounded to their scale, without the noise of binary fractions.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PracticeOrg } from '../../../server/practice-org/compose.ts'
import { rest, startOrg, tokenOf } from '../protocols/org.ts'

let org: PracticeOrg
let token: string

beforeAll(async () => {
  org = await startOrg()
  token = await tokenOf(org.url)
})
afterAll(() => org.close())

test.each([
  [0.1 + 0.2, 0],
  [1e-7, 0],
  ['-1e-9', 0],
  [2.5, 3],
  [-2.5, -3],
  ['1e3', 1000],
  [1e15, 1e15],
])('an amount of whole units given as %s is stored as %s', async (given, stored) => {
  const fields = { Name: 'Numbers', AnnualRevenue: given }
  const { body } = await rest(org.url, token, '/sobjects/Account', { method: 'POST', body: JSON.stringify(fields) })
  const { id } = body as { id: string }
  const row = await rest(org.url, token, `/sobjects/Account/${id}?fields=AnnualRevenue`)
  expect(row.body).toMatchObject({ AnnualRevenue: stored })
})
