import { beforeAll, describe, expect, it } from 'vitest'
import type { DecisionSummary, RunView } from '../../../server/contract/http.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { recordId18 } from '../../../server/brain/domain/record-id.ts'
import { acmeProposal, LEAD, USERS } from '../decisions/acme.ts'
import { openDoor, type Door } from './server.ts'

const lead = (n: number) => recordId18(`00QAC00000${String(n).padStart(5, '0')}`) ?? ''
const [OLDEST, NEWEST, ABSENT] = [lead(71), lead(72), lead(73)]
const HIDDEN_ROWS = 5

interface Page<T> {
  items: T[]
  next: string | null
}

let door: Door
/** Oldest first: the middle ones are about a lead that the rep may not read. */
let shown: [LoadedDecision, LoadedDecision]

async function proposeAbout(id: string, risk: 'low' | 'high' = 'low'): Promise<LoadedDecision> {
  const proposal = acmeProposal()
  // Without the merge: one question about the same accounts would hang on the other.
  const operations = proposal.operations.filter(({ kind }) => kind !== 'merge')
  return door.propose({ ...proposal, operations, risk, subject: { ...proposal.subject, id } })
}

beforeAll(async () => {
  door = await openDoor()
  const oldest = await proposeAbout(OLDEST, 'high')
  for (let n = 0; n < HIDDEN_ROWS; n++) await proposeAbout(LEAD)
  shown = [oldest, await proposeAbout(NEWEST)]
  door.salesforce.hide(USERS.rep, LEAD)
})

const text = async (path: string): Promise<string> => (await door.get('rep', path)).text()

describe('lists of runs and decisions', () => {
  it.each(['runs', 'decisions'])('of %s answer about a hidden record as about one that is not there', async (list) => {
    const filters = ['', '&status=open', '&status=running', '&mission=duplicate-account-reconciliation', '&risk=low']
    for (const filter of filters) {
      const answer = await text(`/api/v1/${list}?limit=1&record=${LEAD}${filter}`)
      expect(answer, filter).toBe(await text(`/api/v1/${list}?limit=1&record=${ABSENT}${filter}`))
    }
  })

  it('fill a page beyond hidden rows, and name a next one only while something visible follows', async () => {
    const [oldest, newest] = shown
    const runs = await door.json<Page<RunView>>('rep', '/api/v1/runs?limit=1')
    expect([runs.items.map(({ id }) => id), runs.next]).toEqual([[newest.run.id], newest.run.id])
    const last = await door.json<Page<RunView>>('rep', `/api/v1/runs?limit=1&before=${runs.next}`)
    expect([last.items.map(({ id }) => id), last.next]).toEqual([[oldest.run.id], null])
    const decisions = await door.json<Page<DecisionSummary>>('rep', '/api/v1/decisions?limit=2')
    expect(decisions.items.map(({ id }) => id)).toEqual([newest.decision.id, oldest.decision.id])
    expect(decisions.next).toBeNull()
  })

  it('of decisions are cut after the filter by risk', async () => {
    const { items, next } = await door.json<Page<DecisionSummary>>('admin', '/api/v1/decisions?risk=high&limit=1')
    expect([items.map(({ id }) => id), next]).toEqual([[shown[0].decision.id], null])
  })

  it('of observations name a next page only while one follows', async () => {
    const at = `/api/v1/runs/${shown[0].run.id}/observations`
    const all = await door.json<Page<{ cursor: string }>>('admin', at)
    expect(all.items.length).toBeGreaterThan(0)
    expect(await door.json('admin', `${at}?limit=${all.items.length}`)).toMatchObject({ next: null })
  })
})
