import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { practice, rest, startOrg, tokenOf } from '../../support/running-org.ts'
import { change, ended, file, ingest, older, open, said, upload, type Session } from './calls.ts'

let dataDir: string
let org: PracticeOrg
let now: number
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulk-'))
  now = Date.parse('2026-11-22T12:00:00Z')
})
afterEach(async () => {
  await org.close()
  rmSync(dataDir, { recursive: true })
})

async function start(): Promise<Session> {
  org = await startOrg({ dataDir, now: () => now })
  return { url: org.url, token: await tokenOf(org.url) }
}

const names = (n: number): string => `Name\n${Array.from({ length: n }, (_, i) => `Again ${i}\n`).join('')}`
const ROWS = 1600

/** How many rows of a job an org that is closed has written. */
function processed(id: string): number {
  const db = new DatabaseSync(join(dataDir, 'org.sqlite'))
  const row = db.prepare("SELECT json_extract(body, '$.processed') AS n FROM _bulk_job WHERE id = ?").get(id)
  db.close()
  return Number(row?.['n'])
}

const accounts = { object: 'Account', operation: 'insert' }

it(
  'goes on after a restart where it was: every row is written once, and none is forgotten',
  { timeout: 60_000 },
  async () => {
    let admin = await start()
    const { id } = (await open(admin, 'ingest', accounts)).body as { id: string }
    await upload(admin, id, names(ROWS))
    await change(admin, id, 'UploadComplete')
    await org.close()
    expect(processed(id)).toBeLessThan(ROWS)
    admin = await start()
    const all = { state: 'JobComplete', numberRecordsProcessed: ROWS, numberRecordsFailed: 0 }
    expect(await ended(admin, id)).toMatchObject(all)
    expect((await file(admin, `/jobs/ingest/${id}/successfulResults`)).length).toBe(ROWS + 1)
    const query = encodeURIComponent("SELECT Name FROM Account WHERE Name LIKE 'Again %'")
    expect((await rest(org.url, admin.token, `/query?q=${query}`)).body).toMatchObject({ totalSize: ROWS })
  },
)

it('keeps jobs of both APIs with their results over a restart, for seven days after their end', async () => {
  let admin = await start()
  const { id } = await ingest(admin, accounts, names(3))
  const waiting = ((await open(admin, 'ingest', accounts)).body as { id: string }).id
  const headers = { 'content-type': 'application/xml' }
  const order = '<jobInfo><operation>insert</operation><object>Account</object><contentType>CSV</contentType></jobInfo>'
  const job = said((await older(admin, '/job', { method: 'POST', body: order, headers })).text, 'id')
  const csv = { method: 'POST', body: 'Name\nOlder\n', headers: { 'content-type': 'text/csv' } }
  const batch = said((await older(admin, `/job/${job}/batch`, csv)).text, 'id')
  const stateOf = async () => said((await older(admin, `/job/${job}/batch/${batch}`)).text, 'state')
  await expect.poll(stateOf, { interval: 5, timeout: 20_000 }).toBe('Completed')
  await org.close()
  admin = await start()
  expect((await file(admin, `/jobs/ingest/${id}/successfulResults`)).length).toBe(4)
  expect(await stateOf()).toBe('Completed')
  expect((await older(admin, `/job/${job}/batch/${batch}/result`)).text).toMatch(/"true","true",""\n$/)
  now += 7 * 24 * 3600 * 1000 + 1
  admin.token = await tokenOf(org.url)
  expect(await rest(org.url, admin.token, `/jobs/ingest/${id}`)).toMatchObject({ status: 404 })
  expect((await older(admin, `/job/${job}`)).text).toContain('<exceptionCode>InvalidJob</exceptionCode>')
  expect(await rest(org.url, admin.token, `/jobs/ingest/${waiting}`)).toMatchObject({ body: { state: 'Open' } })
})

it('forgets every job at a reset, and names no two jobs alike', async () => {
  const admin = await start()
  const { id } = await ingest(admin, accounts, names(3))
  await practice(org.url, '/reset', {})
  admin.token = await tokenOf(org.url)
  expect(await rest(org.url, admin.token, `/jobs/ingest/${id}`)).toMatchObject({ status: 404 })
  const again = (await open(admin, 'ingest', accounts)).body as { id: string }
  expect(again.id).not.toBe(id)
})
