import fc from 'fast-check'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { rest, startOrg, tokenOf, type Json } from '../../support/running-org.ts'
import { change, ended, older, open, said, upload, type Session } from './calls.ts'
import { zipOf } from './zip-of.ts'

const SEED = 20_261_122
const SHOTS = 30

let org: PracticeOrg
let admin: Session
const unexpected: unknown[] = []
beforeAll(async () => {
  org = await startOrg({ log: { info() {}, error: (fields: object) => void unexpected.push(fields) } })
  admin = { url: org.url, token: await tokenOf(org.url) }
})
afterAll(() => org.close())

const name = fc.constantFrom(
  'Name',
  'Id',
  'Owner.Username',
  'User:Owner.Username',
  'Owner',
  ':',
  '.',
  'a.b.c',
  '__proto__',
  'Nope',
  '',
)
const value = fc.oneof(
  fc.constantFrom('x', '', '#N/A', '"', '#f', '\u0000', '001000000000001AAA', '1e999'),
  fc.string({ maxLength: 6 }),
)
const line = (cell: fc.Arbitrary<string>) => fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(','))
const csv = fc
  .tuple(line(name), fc.array(line(value), { maxLength: 3 }))
  .map(([header, rows]) => [header, ...rows].join('\n'))
const json = fc.oneof(
  fc
    .array(
      fc.dictionary(
        name,
        fc.oneof(value, fc.constant(null), fc.integer(), fc.dictionary(name, value), fc.array(value)),
      ),
    )
    .map((rows) => JSON.stringify(rows)),
  fc.json({ maxDepth: 3 }),
  fc.string(),
)
const tag = fc.constantFrom('Name', 'Owner', 'sObject', 'type', 'x')
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    value,
    fc.tuple(tag, fc.array(tie('node'), { maxLength: 3 })).map(([one, inner]) => `<${one}>${inner.join('')}</${one}>`),
  ),
}))
const xml = fc.oneof(
  fc
    .array(node, { maxLength: 3 })
    .map((nodes) => `<sObjects>${nodes.map((one) => `<sObject>${String(one)}</sObject>`).join('')}</sObjects>`),
  fc.string(),
)
const zip = fc.oneof(
  fc
    .tuple(csv, fc.string())
    .map(([request, file]) => zipOf({ 'request.txt': Buffer.from(request), f: Buffer.from(file) }, deflateRawSync)),
  fc.tuple(csv, fc.nat(40), fc.nat(255)).map(([request, at, byte]) => {
    const archive = zipOf({ 'request.txt': Buffer.from(request) }, deflateRawSync)
    archive[archive.length - 1 - (at % archive.length)] = byte
    return archive
  }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
)

const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { numRuns: SHOTS, seed: SEED })

it.each<[string, string, fc.Arbitrary<string | Buffer>]>([
  ['CSV', 'text/csv', csv],
  ['JSON', 'application/json', json],
  ['XML', 'application/xml', xml],
  ['ZIP_CSV', 'zip/csv', zip],
])(
  'every malformed batch in %s is refused or ends, told in the words of the API',
  async (contentType, type, bodies) => {
    const order = `<jobInfo><operation>upsert</operation><object>Account</object><externalIdFieldName>Id</externalIdFieldName><contentType>${contentType}</contentType></jobInfo>`
    const opened = await older(admin, '/job', {
      method: 'POST',
      body: order,
      headers: { 'content-type': 'application/xml' },
    })
    const job = said(opened.text, 'id')
    for (const body of sample(bodies)) {
      const { status, text } = await older(admin, `/job/${job}/batch`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
      expect([201, 400]).toContain(status)
      if (status === 400) expect(text).toMatch(/exceptionCode/)
    }
    const states = async (): Promise<string[]> =>
      [...(await older(admin, `/job/${job}/batch`)).text.matchAll(/"state":"(\w+)"|<state>(\w+)</g)].map(
        (found) => found[1] ?? found[2] ?? '',
      )
    await expect
      .poll(async () => (await states()).every((state) => /Completed|Failed/.test(state)), {
        interval: 10,
        timeout: 20_000,
      })
      .toBe(true)
    expect((await states()).length).toBeGreaterThan(SHOTS / 2)
    expect(unexpected.slice(0, 3)).toEqual([])
  },
)

/** Runs an upload as a job of its own, to its end and its results. */
async function tried(body: string): Promise<Json> {
  const { id } = (await open(admin, 'ingest', { object: 'Account', operation: 'insert' })).body as { id: string }
  expect((await upload(admin, id, body)).status).toBe(201)
  await change(admin, id, 'UploadComplete')
  const info = await ended(admin, id)
  for (const result of ['successfulResults', 'failedResults', 'unprocessedrecords']) {
    const headers = { authorization: `Bearer ${admin.token}` }
    expect((await fetch(`${org.url}/services/data/v62.0/jobs/ingest/${id}/${result}`, { headers })).status).toBe(200)
  }
  return info
}

it('every malformed upload of Bulk API 2.0 ends its job, complete or failed with a reason', async () => {
  const infos = await Promise.all(sample(csv).map(tried))
  for (const info of infos.filter(({ state }) => state === 'Failed')) {
    expect(info['errorMessage']).toMatch(/^InvalidBatch : /)
  }
  expect(unexpected.slice(0, 3)).toEqual([])
})

it('every malformed multipart order is refused or taken, never more', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '--B',
      '--B--',
      '\r\n',
      '\n',
      'Content-Disposition: form-data; name="job"',
      'Content-Disposition: form-data; name="content"',
    ),
    fc.constantFrom('{"object":"Account","operation":"insert"}', '{', 'Name\nx\n', '\r\n\r\n'),
    fc.string({ maxLength: 5 }),
  )
  const bodies = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''))
  for (const body of sample(bodies)) {
    const headers = { 'content-type': 'multipart/form-data; boundary=B' }
    const answer = await rest(org.url, admin.token, '/jobs/ingest', { method: 'POST', body, headers })
    expect([200, 400]).toContain(answer.status)
    if (answer.status === 400) expect((answer.body as Json[])[0]).toHaveProperty('errorCode')
  }
  expect(unexpected.slice(0, 3)).toEqual([])
})
