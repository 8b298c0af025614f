import { beforeAll, describe, expect, it } from 'vitest'
import type { RegisterEntry } from '../../../server/contract/http.ts'
import { eraseRun } from '../../../server/brain/erasure/erase-runs.ts'
import { acmeProposal, LEAD, USERS } from '../decisions/acme.ts'
import { answerIn } from '../decisions/answering.ts'
import { HOLD_SECONDS, SETTLE_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

const DAY_SECONDS = 86_400
const FORMULA = '=HYPERLINK("https://evil.example","look")'

let door: Door
/** Decisions by what became of them. */
const ids = { rejected: '', approved: '', erased: '', open: '' }
/** When the approved one was proposed: a day after the rejected one, a day before the erased one. */
let between = ''
beforeAll(async () => {
  door = await openDoor()
  ids.rejected = await decided('second', 'reject')
  door.clock.pass(DAY_SECONDS)
  between = door.clock.now()
  ids.approved = await decided('admin', 'approve')
  door.clock.pass(DAY_SECONDS)
  ids.erased = await decided('admin', 'approve')
  const { runId } = (await door.store.decision(ids.erased))!
  await eraseRun(door, runId, { by: { kind: 'command', name: 'operator' }, reason: 'asked for' })
  ids.open = (await door.propose()).decision.id
})

async function decided(who: 'admin' | 'second', verb: 'approve' | 'reject'): Promise<string> {
  const facts = await door.propose(acmeProposal({ sentence: [FORMULA] }))
  await answerIn(door)(facts, who, verb, verb === 'reject' ? { reason: 'wrong-survivor' } : {})
  for (const seconds of [HOLD_SECONDS, SETTLE_SECONDS, 0]) {
    door.clock.pass(seconds)
    await door.advance(facts.run.id)
  }
  return facts.decision.id
}

interface Page {
  items: RegisterEntry[]
  next: string | null
}

const listed = async (query = '', who: 'auditor' | 'rep' = 'auditor') =>
  (await door.json<Page>(who, `/api/v1/register?${query}`)).items.map(({ id }) => id)

describe('the register', () => {
  it('lists every past decision with its outcome, newest first, erased ones too, and no open one', async () => {
    const { items } = await door.json<Page>('auditor', '/api/v1/register')
    expect(items.map(({ id }) => id)).toEqual([ids.erased, ids.approved, ids.rejected])
    const [erased, approved, rejected] = items
    expect(erased).toMatchObject({ status: 'approved', verdict: 'verified', sentence: null, answered: [] })
    expect(erased?.erased?.by).toContain('operator')
    expect(approved).toMatchObject({ status: 'approved', verdict: 'verified', subject: { id: LEAD }, erased: null })
    expect(approved?.answered).toMatchObject([{ verb: 'approve' }])
    expect(rejected).toMatchObject({ status: 'rejected', verdict: 'rejected', answered: [{ verb: 'reject' }] })
  })

  it.each([
    ['status=rejected', ['rejected']],
    ['verdict=verified', ['erased', 'approved']],
    [`user=${USERS.second}`, ['rejected']],
    [`user=${USERS.admin}`, ['erased', 'approved']],
    [`user=${USERS.manager}`, []],
    ['mission=duplicate-account-reconciliation', ['erased', 'approved', 'rejected']],
    ['mission=other', []],
    ['from=$between', ['erased', 'approved']],
    ['to=$between', ['rejected']],
    ['from=$between&verdict=rejected', []],
    ['from=2026-11-22&to=2026-11-23', ['rejected']],
  ] as [string, (keyof typeof ids)[]][])('filters by %s', async (query, names) => {
    expect(await listed(query.replace('$between', between))).toEqual(names.map((name) => ids[name]))
  })

  it('refuses what is no filter', async () => {
    for (const query of ['status=open', 'from=yesterday', 'verdict=good', 'user=me', 'other=1'])
      expect((await door.get('auditor', `/api/v1/register?${query}`)).status, query).toBe(400)
  })

  it('is CSV by Accept, page by page, with no cell that a spreadsheet computes', async () => {
    const asked = (path: string, bearer: string) =>
      fetch(door.url + path, { headers: { authorization: `Bearer ${bearer}`, accept: 'text/csv' } })
    const bearer = await door.session('auditor')
    const first = await asked('/api/v1/register?limit=2&verdict=verified', bearer)
    expect(first.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(first.headers.get('link')).toBeNull()
    const lines = (await first.text()).split('\r\n')
    expect(lines[0]).toMatch(/^\uFEFF?decision,run,created,mission,status,verdict,/)
    expect(lines).toHaveLength(4)
    expect(lines[2]).toContain(`"'${FORMULA.replaceAll('"', '""')}"`)
    const page = await asked('/api/v1/register?limit=1', bearer)
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? ''
    expect(next).toBe(`/api/v1/register?limit=1&before=${ids.erased}`)
    expect((await (await asked(next, bearer)).text()).split('\r\n')[1]).toMatch(new RegExp(`^${ids.approved},`))
  })

  it('has only what the caller may see', async () => {
    expect(await listed('', 'rep')).toHaveLength(3)
    door.salesforce.hidden.set(USERS.manager, new Set([LEAD]))
    expect((await door.json<Page>('manager', '/api/v1/register')).items).toEqual([])
    door.salesforce.hidden.clear()
  })
})
