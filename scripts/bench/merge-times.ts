import { batchesOf } from './http-rate.ts'
import type { OrgClient } from './org-client.ts'
import { precise } from './summary.ts'

const CHILDREN = 100

/** Times of merging pairs of accounts, each loser with a hundred contacts, over SOAP one after the other. */
export async function mergeTimes(client: OrgClient, url: string, count: number) {
  const accounts = (kind: string) => Array.from({ length: count }, (_, n) => ({ Name: `Bench ${kind} ${n}` }))
  const masters = await createAll(client, 'Account', accounts('master'))
  const losers = await createAll(client, 'Account', accounts('loser'))
  const contacts = losers.flatMap((AccountId) =>
    Array.from({ length: CHILDREN }, (_, i) => ({ LastName: `Child ${i}`, AccountId })),
  )
  await createAll(client, 'Contact', contacts)
  const milliseconds: number[] = []
  for (const [i, master] of masters.entries()) {
    const start = performance.now()
    await merge(client, url, master, losers[i]!)
    milliseconds.push(performance.now() - start)
  }
  const total = milliseconds.reduce((sum, each) => sum + each, 0)
  return { perSecond: Number(((count * 1000) / total).toFixed(1)), milliseconds: precise(milliseconds) }
}

async function createAll(client: OrgClient, object: string, rows: object[]): Promise<string[]> {
  const ids: string[] = []
  for (const batch of batchesOf(rows, 200)) {
    const records = batch.map((row) => ({ attributes: { type: object }, ...row }))
    const saved = await client.ask<{ id: string }[]>(client.post('/composite/sobjects', { allOrNone: true, records }))
    ids.push(...saved.map((row) => row.id))
  }
  return ids
}

async function merge({ token }: OrgClient, url: string, master: string, loser: string): Promise<void> {
  const body =
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com" ' +
    'xmlns:o="urn:sobject.partner.soap.sforce.com"><soapenv:Header><p:SessionHeader><p:sessionId>' +
    `${token}</p:sessionId></p:SessionHeader></soapenv:Header><soapenv:Body><p:merge><p:request><p:masterRecord>` +
    `<o:type>Account</o:type><o:Id>${master}</o:Id></p:masterRecord><p:recordToMergeIds>${loser}</p:recordToMergeIds>` +
    '</p:request></p:merge></soapenv:Body></soapenv:Envelope>'
  const response = await fetch(`${url}/services/Soap/u/66.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', SOAPAction: '""' },
    body,
  })
  const text = await response.text()
  if (!text.includes('<success>true</success>')) throw new Error(`a merge failed: ${text}`)
}
