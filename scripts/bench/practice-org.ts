// Measures the practice org alone: loading, queries, creates, composites and merges, beside a bare HTTP server on the same
// machine. Prints JSON and nothing else. No thresholds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPracticeOrg } from '../../server/practice-org/compose.ts'
import { seed } from '../../server/practice-org/seed/seed.ts'
import { batchesOf, bareServer, callsPerSecond, type Call } from './http-rate.ts'
import { origin, peakMemory } from './machine.ts'
import { benchSettings } from './settings.ts'

const { BENCH_ORG_SIZE: SIZE, BENCH_SECONDS: SECONDS, BENCH_MERGES: MERGES } = benchSettings()
const CHILDREN = 100
const VERSION = 'v66.0'
const SESSION_HEADERS = { 'content-type': 'application/json' }

const dataDir = mkdtempSync(join(tmpdir(), 'practice-org-bench-'))
const loading = { milliseconds: 0 }
const practice = await startPracticeOrg({
  port: 0,
  eventsPort: 0,
  dataDir,
  brainUrl: 'http://localhost:4000',
  load: (org) => {
    const start = performance.now()
    seed(org, { size: SIZE, seed: 1, now: new Date().toISOString() })
    loading.milliseconds = Math.round(performance.now() - start)
  },
})
const bare = await bareServer()
try {
  const token = await accessToken(practice.url)
  const headers = { ...SESSION_HEADERS, authorization: `Bearer ${token}` }
  const data = `${practice.url}/services/data/${VERSION}`
  const query = (soql: string): Call => ({ url: `${data}/query?q=${encodeURIComponent(soql)}`, headers })
  const post = (path: string, body: unknown): Call => ({
    url: `${data}${path}`,
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const rate = (call: (n: number) => Call) => callsPerSecond(call, SECONDS)
  const names = await namesOf(query('SELECT Name FROM Account ORDER BY CreatedDate LIMIT 200'))
  const nameAt = (n: number) => names[n % names.length]!.replaceAll("'", "\\'")
  const accountAt = (n: number) => ({ Name: `Bench ${n}`, Phone: '+1 206 555 0100' })
  const result = {
    ...origin(),
    accounts: SIZE,
    loadMilliseconds: loading.milliseconds,
    callsPerSecond: {
      bareHttpServer: await rate(() => ({ url: bare.url, headers })),
      simpleQuery: await rate(() => query('SELECT Id, Name FROM Account LIMIT 1')),
      filteredQueryEquality: await rate((n) => query(`SELECT Id, Name FROM Account WHERE Name = '${nameAt(n)}'`)),
      filteredQueryPrefix: await rate((n) =>
        query(`SELECT Id, Name FROM Account WHERE Name LIKE '${nameAt(n).slice(0, 10)}%' LIMIT 50`),
      ),
      create: await rate((n) => post('/sobjects/Account', accountAt(n))),
      compositeOf25: await rate((n) => post('/composite', compositeOf25(n))),
    },
    mergeOfAccountsWith100Children: await mergeTimes(),
    peakMemoryMiB: peakMemory('self'),
  }
  console.log(JSON.stringify(result, null, 2))

  function compositeOf25(n: number) {
    const compositeRequest = Array.from({ length: 25 }, (_, i) => ({
      method: 'POST',
      url: `/services/data/${VERSION}/sobjects/Contact`,
      referenceId: `contact${i}`,
      body: { LastName: `Bench ${n}-${i}` },
    }))
    return { allOrNone: true, compositeRequest }
  }

  async function idsOf(object: string, rows: object[]): Promise<string[]> {
    const ids: string[] = []
    for (const batch of batchesOf(rows, 200)) {
      const records = batch.map((row) => ({ attributes: { type: object }, ...row }))
      const { url, ...init } = post('/composite/sobjects', { allOrNone: true, records })
      const saved = (await (await fetch(url, init)).json()) as { id: string }[]
      ids.push(...saved.map((row) => row.id))
    }
    return ids
  }

  /** Pairs of accounts, the loser with contacts, merged over SOAP one after the other. */
  async function mergeTimes() {
    const masters = await idsOf(
      'Account',
      Array.from({ length: MERGES }, (_, n) => accountAt(n)),
    )
    const losers = await idsOf(
      'Account',
      Array.from({ length: MERGES }, (_, n) => accountAt(n)),
    )
    const contacts = losers.flatMap((AccountId) =>
      Array.from({ length: CHILDREN }, (_, i) => ({ LastName: `Child ${i}`, AccountId })),
    )
    await idsOf('Contact', contacts)
    const start = performance.now()
    for (const [i, master] of masters.entries()) await merge(master, losers[i]!)
    const milliseconds = performance.now() - start
    return { merges: MERGES, perSecond: Number(((MERGES * 1000) / milliseconds).toFixed(1)) }
  }

  async function merge(master: string, loser: string): Promise<void> {
    const body =
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com" ' +
      'xmlns:o="urn:sobject.partner.soap.sforce.com"><soapenv:Header><p:SessionHeader><p:sessionId>' +
      `${token}</p:sessionId></p:SessionHeader></soapenv:Header><soapenv:Body><p:merge><p:request><p:masterRecord>` +
      `<o:type>Account</o:type><o:Id>${master}</o:Id></p:masterRecord><p:recordToMergeIds>${loser}</p:recordToMergeIds>` +
      '</p:request></p:merge></soapenv:Body></soapenv:Envelope>'
    const response = await fetch(`${practice.url}/services/Soap/u/66.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', SOAPAction: '""' },
      body,
    })
    const text = await response.text()
    if (!text.includes('<success>true</success>')) throw new Error(`a merge failed: ${text}`)
  }
} finally {
  await bare.close()
  await practice.close()
  rmSync(dataDir, { recursive: true, force: true })
}

async function accessToken(url: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'practice',
    client_secret: 'practice',
    username: 'admin@practice.example',
    password: 'practice',
  })
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body })
  return String(((await response.json()) as { access_token: string }).access_token)
}

async function namesOf({ url, headers }: Call): Promise<string[]> {
  const { records } = (await (await fetch(url, { headers })).json()) as { records: { Name: string }[] }
  return records.map(({ Name }) => Name)
}
