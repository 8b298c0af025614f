// Numbers as fields store them: rounded to their scale, without the noise of binary fractions.
import { expect, test } from 'vitest'
import { openOrgForFile, rest } from '../support/running-org.ts'

const { org, token } = await openOrgForFile()

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

test('a sum of decimals is exact, where it is told and where groups are chosen by it', async () => {
  const close = { StageName: 'Prospecting', CloseDate: '2026-12-01' }
  const records = [0.1, 0.2, 0.7, 1.1].map((Amount) => ({
    attributes: { type: 'Opportunity' },
    Name: 'S',
    ...close,
    Amount,
  }))
  await rest(org.url, token, '/composite/sobjects', { method: 'POST', body: JSON.stringify({ records }) })
  const first = async (soql: string) =>
    ((await rest(org.url, token, `/query?q=${encodeURIComponent(soql)}`)).body as { records: unknown[] }).records[0]
  const both = 'SELECT SUM(Amount) amount, SUM(ExpectedRevenue) expected FROM Opportunity'
  expect(await first(both)).toMatchObject({ amount: 2.1, expected: 0.21 })
  const few = 'SELECT Name, SUM(Amount) FROM Opportunity WHERE Amount < 0.5 GROUP BY Name HAVING SUM(Amount) = 0.3'
  expect(await first(few)).toMatchObject({ Name: 'S', expr0: 0.3 })
})
