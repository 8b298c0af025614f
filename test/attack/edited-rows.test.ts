// Guarantees 1 and 2 against one who edits the database between approving and writing: the approved change is written, or nothing.
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openInMemory, type EmbeddedDatabase } from '../../server/brain/adapters/pglite/open.ts'
import type { LoadedDecision } from '../../server/brain/decisions/view/decision-view.ts'
import type { DecisionClaims } from '../../server/contract/approval-token.ts'
import { peopleNeeded } from '../../server/contract/gate/people.ts'
import { digestOf, documentOf, type OpenLeaf } from '../../server/contract/seal.ts'
import type { ToolInput } from '../../server/contract/tools.ts'
import { sha256 } from '../../server/contract/values/canonical.ts'
import { acmeProposal, USERS } from '../brain/decisions/acme.ts'
import { answerIn, type AnswerAs } from '../brain/decisions/answering.ts'
import { refused } from '../brain/decisions/fake-salesforce.ts'
import { HOLD_SECONDS, openWorld, type World } from '../brain/decisions/world.ts'

let database: EmbeddedDatabase
let world: World
let close: () => Promise<void>
let answer: AnswerAs
/** Digests of what was written. */
const written: string[] = []

beforeAll(async () => {
  database = await openInMemory()
  const opened = await openWorld({ database })
  ;({ world, close } = opened)
  answer = answerIn(world)
})
afterAll(() => close())
beforeEach(async () => {
  written.length = 0
  // An edit that is found stops the writes of the mission: the next case begins with them on.
  await world.store.transaction(async (tx) => {
    for (const what of await tx.stopped()) await tx.setSetting(what, 'allowed')
  })
  const commit = (input: ToolInput<'commitChangeSet'>) => {
    world.salesforce.answers = {}
    assertApproved(input)
    written.push(digestOf(input.leaves))
    return world.salesforce.call('commitChangeSet', input, { runId: null }).finally(() => {
      world.salesforce.answers = { commitChangeSet: commit }
    })
  }
  world.salesforce.answers = { commitChangeSet: commit }
})

/** What salesforce-mcp asks of approvals: the org signed them for this very digest, and they are of enough people. */
function assertApproved({ leaves, approvals }: ToolInput<'commitChangeSet'>): void {
  const { decision, gate } = documentOf(leaves as OpenLeaf[])
  const claims = approvals.map(({ token, seal }) => {
    if (seal !== sha256(token)) throw refused('commitChangeSet', 'the decision does not bear the seal of this server')
    return decodeJwt<DecisionClaims>(token)
  })
  const right = claims.filter(
    ({ digest, decisionId, verb }) => digest === digestOf(leaves) && decisionId === decision && verb === 'approve',
  )
  const people = new Set(right.map(({ sub }) => sub))
  if (right.length < claims.length || people.size < peopleNeeded(gate.rosters))
    throw refused('commitChangeSet', 'the approvals are not for this')
}

const twoNeeded = { gate: { lines: [0], rosters: [{ needs: 2, from: 'group:RevOps' as const }] } }

/** The edit, with `$1` the decision and `$2` another decision that waits. */
type Edit = [title: string, sql: string]

const runOf = (n: 1 | 2) => `(select run_id from missions.decision where id = $${n})`
const DECISION: Edit[] = [
  ['version up', 'update missions.decision set version = version + 1 where id = $1'],
  ['version to none', 'update missions.decision set version = 0 where id = $1'],
  ['expiry past', "update missions.decision set expires_at = '2020-01-01T00:00:00.000Z' where id = $1"],
  ['expiry far', "update missions.decision set expires_at = '2099-01-01T00:00:00.000Z' where id = $1"],
  ['no expiry', "update missions.decision set expires_at = '' where id = $1"],
  ['write at once', "update missions.decision set commits_at = '2020-01-01T00:00:00.000Z' where id = $1"],
  ['write at no time', 'update missions.decision set commits_at = null where id = $1'],
  ['sealed broken', "update missions.decision set sealed = 'x' where id = $1"],
  [
    'sealed of another',
    'update missions.decision set sealed = (select sealed from missions.decision where id = $2) where id = $1',
  ],
  ['run of another', `update missions.decision set run_id = ${runOf(2)} where id = $1`],
  ['rejected by hand', "update missions.decision set status = 'rejected' where id = $1"],
]
const VERSION: Edit[] = [
  ['digest broken', "update missions.change_set_version set digest = repeat('a', 64) where decision_id = $1"],
  [
    'digest of another',
    'update missions.change_set_version set digest = (select max(digest) from missions.change_set_version where decision_id = $2) where decision_id = $1',
  ],
  ['body hash broken', "update missions.change_set_version set body_hash = repeat('a', 64) where decision_id = $1"],
  [
    'body hash of another',
    'update missions.change_set_version set body_hash = (select max(body_hash) from missions.change_set_version where decision_id = $2) where decision_id = $1',
  ],
  ['run of another version', `update missions.change_set_version set run_id = ${runOf(2)} where decision_id = $1`],
  ['gone', 'delete from missions.change_set_version where decision_id = $1'],
]
const RUN: Edit[] = [
  ['bodies broken', `update missions.body set sealed = 'x' where run_id = ${runOf(1)}`],
  ['bodies gone', `delete from missions.body where run_id = ${runOf(1)}`],
  [
    'bodies exchanged',
    `update missions.body b set sealed = (select max(sealed) from missions.body o where o.run_id = b.run_id) where run_id = ${runOf(1)}`,
  ],
  ['key broken', `update missions.run_key set wrapped = 'x' where run_id = ${runOf(1)}`],
  [
    'key of another',
    `update missions.run_key set wrapped = (select wrapped from missions.run_key where run_id = ${runOf(2)}) where run_id = ${runOf(1)}`,
  ],
  ['phase back', `update missions.run set phase = 'propose' where id = ${runOf(1)}`],
  ['phase on', `update missions.run set phase = 'commit' where id = ${runOf(1)}`],
  ['decision of another', `update missions.run set decision_id = $2 where id = ${runOf(1)}`],
  ['run done', `update missions.run set status = 'done' where id = ${runOf(1)}`],
  [
    'journal answers broken',
    `update missions.journal_entry set answer_hash = repeat('a', 64) where run_id = ${runOf(1)}`,
  ],
  ['journal gone', `delete from missions.journal_entry where run_id = ${runOf(1)}`],
  ['another grant', "update missions.mission_version set grant_hash = repeat('a', 64) where $1 <> $2"],
  ['another gate', "update missions.mission_version set body = replace(body, 'needs', 'wants') where $1 <> $2"],
]
const APPROVAL: Edit[] = [
  ['approval broken', "update missions.approval set sealed = 'x' where decision_id = $1"],
  [
    'approval of another',
    'update missions.approval set sealed = (select max(sealed) from missions.approval where decision_id = $2) where decision_id = $1',
  ],
  ['approver renamed', `update missions.approval set user_id = '${USERS.rep}' where decision_id = $1`],
  ['verb reject', "update missions.approval set verb = 'reject' where decision_id = $1"],
  ['approval voided', 'update missions.approval set voided = true where decision_id = $1'],
  ['approval gone', 'delete from missions.approval where decision_id = $1'],
]
/** On a decision that has one of the two approvals that it needs. */
const SHORT: Edit[] = [
  [
    'status approved',
    "update missions.decision set status = 'approved', commits_at = '2020-01-01T00:00:00.000Z' where id = $1",
  ],
  [
    'approval under another name',
    `insert into missions.approval (org_id, decision_id, version, run_id, user_id, verb, sealed) select org_id, decision_id, version, run_id, '${USERS.second}', verb, sealed from missions.approval where decision_id = $1`,
  ],
  [
    'approval from another decision',
    `insert into missions.approval (org_id, decision_id, version, run_id, user_id, verb, sealed) select org_id, $1, version, ${runOf(1)}, '${USERS.second}', verb, sealed from missions.approval where decision_id = $2`,
  ],
]

async function edited(facts: LoadedDecision, other: LoadedDecision, sql: string): Promise<'edited' | 'stays'> {
  const names = [facts.decision.id, other.decision.id].slice(0, sql.includes('$2') ? 2 : 1)
  const bound = names.reduce((text, id, n) => text.replaceAll(`$${n + 1}`, `'${id}'`), sql)
  try {
    const { rowCount } = await database.pool.query(bound)
    expect(rowCount).toBeGreaterThan(0)
    return 'edited'
  } catch (error) {
    // What an administrator signed cannot be changed at all.
    expect(String(error)).toMatch(/is immutable/)
    return 'stays'
  }
}

/** Lets everything happen that would happen by itself. */
async function wait(runId: string): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    world.clock.pass(HOLD_SECONDS + 30)
    await world.advance(runId).catch(() => undefined)
  }
}

const other = async () => {
  const facts = await world.propose()
  await answer(facts, 'second', 'approve')
  return facts
}

describe('an approved decision', () => {
  it('is written when nothing is edited', async () => {
    const facts = await world.propose(acmeProposal(twoNeeded))
    await answer(facts, 'admin', 'approve')
    await answer(facts, 'second', 'approve')
    await wait(facts.run.id)
    expect(written).toEqual([facts.changeSet.digest])
  })

  const edits = [...DECISION, ...VERSION, ...RUN, ...APPROVAL]
  it('is tried with 23 edits and more', () => expect(edits.length).toBeGreaterThanOrEqual(23 + 3))

  it.each(edits)('is written as approved, or not at all, after the edit: %s', async (_title, sql) => {
    const another = await other()
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    await edited(facts, another, sql)
    await wait(facts.run.id)
    expect([[], [facts.changeSet.digest]]).toContainEqual(written)
  })
})

describe('a decision that needs two and has one', () => {
  it.each(SHORT)('is not written after the edit: %s', async (_title, sql) => {
    const another = await other()
    const facts = await world.propose(acmeProposal(twoNeeded))
    await answer(facts, 'admin', 'approve')
    expect(await edited(facts, another, sql)).toBe('edited')
    await database.pool.query(
      `update missions.decision set status = 'approved', commits_at = '2020-01-01T00:00:00.000Z' where id = '${facts.decision.id}'`,
    )
    await wait(facts.run.id)
    expect(written).toEqual([])
  })
})
