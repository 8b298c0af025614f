// Measures the practice org alone, as `npm start` runs it, with a million accounts: start, memory, queries of an
// administrator and of a seller, calls per second beside a bare HTTP server. Prints JSON and nothing else. No thresholds.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callsPerSecond, type Call } from './http-rate.ts'
import { keptOrg } from './kept-org.ts'
import { origin } from './machine.ts'
import { mergeTimes } from './merge-times.ts'
import { logIn, type OrgClient } from './org-client.ts'
import { startBareProcess, startOrgProcess } from './org-process.ts'
import { queryTimes, sampleAccounts, type Sample } from './query-times.ts'
import { benchSettings } from './settings.ts'

const { BENCH_ORG_SIZE: SIZE, BENCH_SECONDS: SECONDS, BENCH_MERGES: MERGES } = benchSettings()
const EXTERNAL_ID = 'BENCH-1'

const { dataDir: kept, made } = await keptOrg(SIZE)
const dataDir = mkdtempSync(join(tmpdir(), 'practice-org-bench-'))
cpSync(kept, dataDir, { recursive: true })
try {
  console.log(JSON.stringify(await measure(), null, 2))
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure() {
  const org = await startOrgProcess(dataDir, SIZE)
  const bare = await startBareProcess()
  try {
    const startMemoryMiB = org.peakMemoryMiB()
    const [admin, seller] = [await logIn(org.url, 'admin'), await logIn(org.url, 'rep')]
    await admin.ask(admin.post('/sobjects/Account', { Name: 'Bench', External_Id__c: EXTERNAL_ID }))
    const samples = await sampleAccounts(admin)
    const times = {
      admin: await queryTimes(admin, samples, EXTERNAL_ID),
      seller: await queryTimes(seller, samples, EXTERNAL_ID),
    }
    const queryMemoryMiB = org.peakMemoryMiB()
    const rates = await callRates(admin, bare.url, samples)
    const merges = await mergeTimes(admin, org.url, MERGES)
    return {
      ...origin(),
      accounts: SIZE,
      made,
      startMilliseconds: org.startMs,
      queryMilliseconds: times,
      callsPerSecond: rates,
      mergeOfAccountsWith100Children: { merges: MERGES, ...merges },
      peakMemoryMiB: { afterStart: startMemoryMiB, afterQueries: queryMemoryMiB, atTheEnd: org.peakMemoryMiB() },
    }
  } finally {
    await org.stop()
    await bare.stop()
  }
}

/** Calls answered per second, eight in flight. */
async function callRates(admin: OrgClient, bareUrl: string, samples: Sample[]) {
  const rate = (call: (n: number) => Call) => callsPerSecond(call, SECONDS)
  const nameAt = (n: number) => samples[n % samples.length]!.Name.replaceAll("'", "\\'")
  const fields = 'SELECT Id, Name FROM Account'
  return {
    bareHttpServer: await rate(() => ({ url: bareUrl, headers: admin.headers })),
    simpleQuery: await rate(() => admin.query(`${fields} LIMIT 1`)),
    filteredQueryEquality: await rate((n) => admin.query(`${fields} WHERE Name = '${nameAt(n)}'`)),
    filteredQueryPrefix: await rate((n) =>
      admin.query(`${fields} WHERE Name LIKE '${nameAt(n).slice(0, 8)}%' LIMIT 50`),
    ),
    create: await rate((n) => admin.post('/sobjects/Account', { Name: `Bench ${n}`, Phone: '+1 206 555 0100' })),
    compositeOf25: await rate((n) => admin.post('/composite', compositeOf25(n))),
  }
}

function compositeOf25(n: number) {
  const compositeRequest = Array.from({ length: 25 }, (_, i) => ({
    method: 'POST',
    url: '/services/data/v66.0/sobjects/Contact',
    referenceId: `contact${i}`,
    body: { LastName: `Bench ${n}-${i}` },
  }))
  return { allOrNone: true, compositeRequest }
}
