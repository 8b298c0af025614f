// One open question per set of records: what would ask the same hangs on it, and goes on or ends with its answer.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { afterDecisionEnded } from '../../../server/brain/decisions/others/after-end.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { recordId18 } from '../../../server/brain/domain/record-id.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { acmeProposal } from './acme.ts'
import { answerIn, observationsOf, type AnswerAs } from './answering.ts'
import { HOLD_SECONDS, makeWorld, SETTLE_SECONDS, type World } from './world.ts'

let world: World
let answer: AnswerAs
let n = 100

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})
beforeEach(async () => {
  for (const status of ['open', 'approved'] as const)
    for (const { id, runId } of await world.store.decisions({ status, limit: 100 }))
      if (!['done', 'cancelled'].includes((await world.store.run(runId))!.status))
        await world.store.transaction(async (tx) => {
          await tx.updateDecision(id, { status: 'superseded' })
          await tx.updateRun(runId, { status: 'cancelled' })
        })
})

const leadNo = (count: number) => recordId18(`00QAC00000${String(count).padStart(5, '0')}`) ?? ''

/** A proposal about another lead of the same two accounts. */
function nextProposal() {
  const id = leadNo((n += 1))
  const subject = { object: 'Lead', id, name: `Lead ${n}` }
  const proposal = acmeProposal()
  const operations = proposal.operations.map((operation) =>
    operation.kind === 'update' || operation.kind === 'changeOwner' ? { ...operation, id } : operation,
  )
  return acmeProposal({ subject, operations })
}

async function hung(): Promise<Run> {
  const proposal = nextProposal()
  await expect(world.propose(proposal)).rejects.toThrow('no decision was opened')
  return (await world.store.runs({ record: proposal.subject.id, limit: 1 }))[0]!
}
const runNow = async ({ id }: Run) => (await world.store.run(id))!

async function carriedOut(facts: LoadedDecision): Promise<void> {
  await answer(facts, 'admin', 'approve')
  world.clock.pass(HOLD_SECONDS)
  await world.advance(facts.run.id)
  world.clock.pass(SETTLE_SECONDS)
  expect((await world.advance(facts.run.id)).status).toBe('done')
  await afterDecisionEnded(world, facts.decision.id)
}

describe('a second proposal to merge accounts that are asked about already', () => {
  it('opens no decision, says so, and is planned anew once they are merged', async () => {
    const first = await world.propose(nextProposal())
    const second = await hung()
    expect(second).toMatchObject({ status: 'running', phase: 'decide', decisionId: null })
    expect(await observationsOf(world, second.id)).toEqual([
      'waited: The same records are asked about already; it waits for that answer',
    ])
    expect((await world.advance(second.id)).status).toBe('running')
    await carriedOut(first)
    const due = await world.store.takeOutbox(100)
    expect(due).toContainEqual(expect.objectContaining({ kind: 'advance-run', about: second.id }))
    expect(await world.advance(second.id)).toMatchObject({ status: 'done', verdict: 'nothing to do', retrigger: true })
    expect(await world.store.runOfTrigger(`again:${second.id}`)).toMatchObject({ status: 'running', phase: 'trigger' })
  })

  it('opens none either when the other one is opened in the same moment', async () => {
    let first: LoadedDecision | null = null
    world.salesforce.answers = {
      resolveRoster: async () => {
        world.salesforce.answers = {}
        first = await world.propose(nextProposal())
        return { users: [], calls: 1 }
      },
    }
    const second = await hung()
    expect(second).toMatchObject({ status: 'held', decisionId: null })
    expect(await world.advance(second.id)).toMatchObject({ status: 'running', phase: 'decide', decisionId: null })
    expect(await world.store.decisions({ status: 'open', limit: 10 })).toHaveLength(1)
    await carriedOut(first!)
    expect(await world.advance(second.id)).toMatchObject({ status: 'done', retrigger: true })
  })

  it('asks once for a hundred leads of one company', async () => {
    await world.propose(nextProposal())
    for (let count = 1; count < 100; count += 1) await hung()
    expect(await world.store.decisions({ status: 'open', limit: 100 })).toHaveLength(1)
  }, 60_000)

  it.each([
    ['not-the-same', true],
    ['not-now', false],
  ])('after a rejection as %s: planned anew is %s', async (reason, isAgain) => {
    const first = await world.propose(nextProposal())
    const second = await hung()
    await answer(first, 'admin', 'reject', { reason })
    expect((await world.advance(first.run.id)).verdict).toBe('rejected')
    expect(await world.advance(second.id)).toMatchObject({ status: 'done', retrigger: isAgain })
  })

  it('waits on while the decision is approved and not written yet', async () => {
    const first = await world.propose(nextProposal())
    const second = await hung()
    await answer(first, 'admin', 'approve')
    expect((await world.advance(second.id)).status).toBe('running')
    expect((await runNow(second)).decisionId).toBeNull()
  })
})

describe('another decision about what was written', () => {
  it('ends unanswered, and its run looks again', async () => {
    const first = await world.propose(nextProposal())
    const { subject, operations } = nextProposal()
    const link = operations.filter(({ kind }) => kind === 'update')
    const phone = {
      kind: 'update' as const,
      object: 'Account',
      id: operations.flatMap((each) => (each.kind === 'merge' ? [each.survivor] : []))[0]!,
      fields: { Phone: { from: null, to: '1', source: 'rule:x' } },
    }
    const other = await world.propose(acmeProposal({ subject, operations: [...link, phone] }))
    await carriedOut(first)
    expect((await world.facts(other.decision.id)).decision.status).toBe('superseded')
    expect(await world.advance(other.run.id)).toMatchObject({ verdict: 'nothing to do', retrigger: true })
  })

  it('stays where it concerns other fields', async () => {
    const first = await world.propose(nextProposal())
    const { subject, operations } = nextProposal()
    const other = await world.propose(
      acmeProposal({ subject, operations: operations.filter(({ kind }) => kind === 'update') }),
    )
    await carriedOut(first)
    expect((await world.facts(other.decision.id)).decision.status).toBe('open')
  })
})
