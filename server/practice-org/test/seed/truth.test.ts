import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { writingTruth } from '../../src/seed/truth-file.ts'
import { startWithPage } from '../../src/start.ts'
import { rest, tokenOf } from '../support/running-org.ts'

let folder = ''
let org: PracticeOrg
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'truth-'))
  org = await startWithPage({ port: 0, eventsPort: 0, dataDir: folder, size: 40 })
}, 60_000)
afterAll(async () => {
  await org.close()
  rmSync(folder, { recursive: true, force: true })
})

const truth = () => JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as { stories: object }

/** The path goes out as it is: `fetch` would take its dots away. */
const get = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(org.url)
    request({ hostname, port, path }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts).toString()))
    })
      .on('error', reject)
      .end()
  })

it('the truth about the seed lies in a file that only its owner reads', () => {
  expect(Object.keys(truth().stories)).toContain('two-accounts-one-company')
  expect(statSync(join(folder, 'truth.json')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o077).toBe(0)
})

it('what was noted of it while the org was made is gone when it is whole', () => {
  expect(readdirSync(folder).filter((name) => name.startsWith('truth'))).toEqual(['truth.json'])
  expect(Object.keys(truth())).toEqual([
    'duplicates',
    'duplicateContacts',
    'leads',
    'acquisitions',
    'families',
    'franchises',
    'sharedDomains',
    'stories',
  ])
})

it('when an org cannot be made, the truth about the one before stays', () => {
  const dir = mkdtempSync(join(tmpdir(), 'truth-kept-'))
  writingTruth(dir, 'truth.json', (notes) => notes.add('duplicates', [['a', 'b']]))
  const before = readFileSync(join(dir, 'truth.json'), 'utf8')
  const fail = () =>
    writingTruth(dir, 'truth.json', (notes) => {
      notes.add('duplicates', [['c', 'd']])
      throw new Error('no room')
    })
  expect(fail).toThrow('no room')
  expect(readFileSync(join(dir, 'truth.json'), 'utf8')).toBe(before)
  expect(readdirSync(dir)).toEqual(['truth.json'])
  rmSync(dir, { recursive: true })
})

it.each([
  '/truth.json',
  '/../truth.json',
  '/%2e%2e/truth.json',
  '/..%2ftruth.json',
  '/practice/truth',
  '/practice/truth.json',
  '/lightning/truth.json',
  '/lightning/../truth.json',
  '/assets/../../truth.json',
  '/assets/%2e%2e/%2e%2e/truth.json',
  '/services/data/v66.0/truth',
  '/services/data/v66.0/sobjects/Truth',
])('no door serves it: %s', async (path) => {
  const answer = await get(path)
  expect(answer).not.toContain('two-accounts-one-company')
  expect(answer).not.toContain('duplicateContacts')
})

it('no object of the org holds it', async () => {
  const token = await tokenOf(org.url)
  const { body } = await rest(org.url, token, '/sobjects')
  const names = (body as { sobjects: { name: string }[] }).sobjects.map(({ name }) => name)
  expect(names.filter((name) => /truth/i.test(name))).toEqual([])
  const found = await rest(org.url, token, `/search?q=${encodeURIComponent('FIND {two-accounts-one-company}')}`)
  expect(found.body).toEqual({ searchRecords: [] })
})
