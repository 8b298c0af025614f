import { expect, it } from 'vitest'
import { openOrgForFile } from '../support/running-org.ts'
import { REFUSED } from './refused-queries.ts'

const { org, token } = await openOrgForFile()

/** Long queries come in the body of a composite request: an address has its limit. */
async function ask(soql: string, version = '66.0'): Promise<{ status: number; body: unknown }> {
  const q = encodeURIComponent(soql)
  const path = `/services/data/v${version}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  if (q.length < 8000) {
    const response = await fetch(`${org.url}${path}/query?q=${q}`, { headers })
    return { status: response.status, body: await response.json() }
  }
  const compositeRequest = [{ method: 'GET', url: `${path}/query?q=${q}`, referenceId: 'q' }]
  const body = JSON.stringify({ compositeRequest })
  const response = await fetch(`${org.url}${path}/composite`, { method: 'POST', headers, body })
  const { compositeResponse } = (await response.json()) as {
    compositeResponse: { httpStatusCode: number; body: unknown }[]
  }
  const [only] = compositeResponse
  return { status: only?.httpStatusCode ?? 0, body: only?.body }
}

it.each(REFUSED.map(([soql, code, words]) => ({ title: soql.slice(0, 110), soql, code, words })))(
  'GET /query refuses $title as $code',
  async ({ soql, code, words }) => {
    const { status, body } = await ask(soql)
    expect(body).toEqual([{ message: expect.stringContaining(words), errorCode: code }])
    expect((body as [{ message: string }])[0].message.endsWith(words)).toBe(true)
    expect(status).toBe(400)
  },
)

it('children of children are for versions since 58.0, five levels with the root', async () => {
  const nested = (...names: string[]): string =>
    names.reduceRight((inner, name) => `(SELECT Id${inner ? `, ${inner}` : ''} FROM ${name})`, '')
  const three = `SELECT Id, ${nested('Contacts', 'Cases')} FROM Account`
  const five = `SELECT Id, ${nested('Contacts', 'Cases', 'Cases', 'Cases')} FROM Account`
  const six = `SELECT Id, ${nested('Contacts', 'Cases', 'Cases', 'Cases', 'Cases')} FROM Account`
  expect((await ask(three, '57.0')).status).toBe(400)
  expect((await ask(three, '58.0')).status).toBe(200)
  expect((await ask(five)).status).toBe(200)
  expect((await ask(six)).status).toBe(400)
})
