// Guarantee 1, no approval, no write, on the whole product: the brain itself turns against the org with everything it has.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionVerb } from '../../server/contract/approval-token.ts'
import type { DecisionView } from '../../server/contract/http.ts'
import { rightsHash } from '../../server/contract/rights.ts'
import { type Right } from '../../server/contract/operations/fields.ts'
import { digestOf, type Leaf } from '../../server/contract/seal.ts'
import { practiceContent } from '../../server/practice/content/content.ts'
import { startPracticeOrg, type PracticeOrg } from '../../server/practice-org/src/compose.ts'
import { attack, type Attacker } from '../support/attacker.ts'
import { signIn, type Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'
import { createTwins, createTwinsLead, type Twins } from '../support/twins.ts'

let stack: Stack
let admin: Person
let second: Person
let rep: Person
let attacker: Attacker
let twoPeople: { leadId: string; decision: DecisionView }
let ofRep: { leadId: string; decision: DecisionView; twins: Twins }

const NOTHING = 'the org’s log shows no write of the brain'
const writes = async () => (await stack.writes()).length

const approve = (person: Person, { id, digest, rights }: DecisionView, verb: DecisionVerb = 'approve') =>
  person.decide(id, digest, verb, rights)

beforeAll(async () => {
  stack = await startStack()
  ;[admin, second, rep] = await Promise.all([stack.as('admin'), stack.as('second'), stack.as('rep')])
  const [user] = await admin.query("SELECT Id FROM User WHERE Username = 'rep@practice.example'")
  const [set] = await admin.query("SELECT Id FROM PermissionSet WHERE Name = 'Missions_Decider'")
  await admin.create('PermissionSetAssignment', { AssigneeId: user!.Id, PermissionSetId: set!.Id })
  rep = await signIn(stack.orgUrl, stack.brainUrl, 'rep')
  await createTwins(admin, 'Larkspur Ferries', { amount: 150_000 })
  const twins = await createTwins(admin, 'Quayside Looms', {
    both: { OwnerId: user!.Id },
    merged: { AnnualRevenue: 1_234_567 },
  })
  const open = async (leadId: string) => ({ leadId, decision: await openDecision(admin, leadId) })
  twoPeople = await open(await createTwinsLead(admin, 'Larkspur Ferries'))
  ofRep = { ...(await open(await createTwinsLead(rep, 'Quayside Looms'))), twins }
  attacker = await attack(stack)
})
afterAll(async () => {
  await attacker?.close()
  await stack?.[Symbol.asyncDispose]()
})
/** Set by the one test that approves as people should. */
let approved = false
afterEach(async () => approved || expect([NOTHING, await writes()]).toEqual([NOTHING, 0]))

async function refused(attempt: Promise<unknown>, reason: RegExp, codes = ['refused']): Promise<void> {
  const answer = await attempt.then(
    () => 'it was done',
    (error: unknown) => error,
  )
  expect(String(answer)).toMatch(reason)
  expect(codes).toContain((answer as { error?: { code?: string } }).error?.code)
}

/** Approves over the brain's own route, and sees that it counts for nothing. */
async function refusedByBrain(person: Person, decision: DecisionView, token: string, reason: RegExp): Promise<void> {
  const before = await admin.decision(decision.id)
  const response = await person.send(`/decisions/${decision.id}/approve`, { digest: decision.digest, decision: token })
  expect([response.status >= 400 && response.status < 500, await response.text()]).toEqual([
    true,
    expect.stringMatching(reason),
  ])
  const { status, approvals } = await admin.decision(decision.id)
  expect([status, approvals]).toEqual(['open', before.approvals])
}

describe('the brain’s own keys', () => {
  it('open every leaf of a change set that waits, and still commit nothing without an approval', async () => {
    expect(twoPeople.decision.needs).toBe(2)
    expect(twoPeople.decision.leaves.every((leaf) => 'value' in leaf)).toBe(true)
    await refused(attacker.commit(twoPeople.decision.leaves, []), /approvals/, ['bad-request'])
  })

  it('sign no approval that salesforce-mcp takes, nor one under its forged seal', async () => {
    const { decision } = ofRep
    const [user] = await admin.query("SELECT Id FROM User WHERE Username = 'admin@practice.example'")
    const tokens = await attacker.sign({
      iss: attacker.orgId,
      aud: 'salesforce-mcp',
      sub: user!.Id,
      typ: 'decision',
      decisionId: decision.id,
      digest: decision.digest,
      verb: 'approve',
      rights: rightsHash(decision.rights),
      permissions: ['View_Missions', 'Decide_Missions'],
      groups: ['RevOps'],
    })
    expect(tokens).toHaveLength(2)
    for (const token of tokens) {
      await refused(attacker.accept(token), /not signed by the org/)
      await refused(attacker.commit(decision.leaves, [attacker.forge(token)]), /not signed by the org/)
      await refusedByBrain(admin, decision, token, /not signed by the org/)
    }
  })

  it('launch no other grant than an administrator activated', async () => {
    const leaves = changed(ofRep.decision.leaves, '/grant', () => 'b'.repeat(64))
    const token = await admin.decide(ofRep.decision.id, digestOf(leaves), 'approve', ofRep.decision.rights)
    await refused(attacker.commit(leaves, [await attacker.accept(token)]), /grant/, ['not-granted'])
  })
})

describe('an org-signed token', () => {
  let otherOrg: PracticeOrg | undefined
  afterAll(() => otherOrg?.close())

  it('an org-signed token of another org that calls itself this one is refused', async () => {
    otherOrg = await startPracticeOrg({
      port: 0,
      eventsPort: 0,
      dataDir: null,
      content: practiceContent({ brainUrl: stack.brainUrl }),
      orgId: attacker.orgId,
      clients: [],
    })
    const { decision } = ofRep
    const stranger = await signIn(otherOrg.url, stack.brainUrl, 'admin')
    const token = await stranger.decide(decision.id, decision.digest, 'reject', [])
    await refused(attacker.accept(token), /not signed by the org/)
    await refusedByBrain(admin, decision, token, /not signed by the org/)
  })

  it('an org-signed token that only reads, for the brain’s audience, is refused', async () => {
    const token = await admin.sessionToken()
    await refused(attacker.accept(token), /another audience/)
    await refused(attacker.commit(ofRep.decision.leaves, [attacker.forge(token)]), /another audience/)
    await refusedByBrain(admin, ofRep.decision, token, /another audience/)
  })

  it('an org-signed token that nobody took in its minute is refused afterwards', async () => {
    const token = await approve(admin, ofRep.decision)
    const later = await attack(stack, 150_000)
    await refused(later.accept(token), /expired/)
    await later.close()
  })

  it('an org-signed token is taken once, and refused the second time', async () => {
    const token = await approve(admin, ofRep.decision)
    await attacker.accept(token)
    await refused(attacker.accept(token), /used before/)
    const { decision } = ofRep
    const again = await approve(admin, decision)
    const misused = await admin.send(`/decisions/${decision.id}/reject`, { reason: 'other', decision: again })
    expect([misused.status, await misused.text()]).toEqual([403, expect.stringContaining('the verb approve')])
    await refusedByBrain(admin, decision, again, /used before/)
  })

  it('an org-signed token for another change set commits nothing', async () => {
    const token = await approve(admin, ofRep.decision)
    await refused(attacker.commit(twoPeople.decision.leaves, [await attacker.accept(token)]), /for decision/)
    await refusedByBrain(admin, twoPeople.decision, await approve(admin, ofRep.decision), /another decision/)
  })

  it('to reject, or to activate, commits nothing', async () => {
    const { decision } = ofRep
    await refused(
      attacker.commit(decision.leaves, [await attacker.accept(await approve(admin, decision, 'reject'))]),
      /no approval/,
    )
    await refusedByBrain(admin, decision, await approve(admin, decision, 'activate'), /the verb activate/)
  })

  it('an org-signed token of one person does not count in the session of another', async () => {
    await refusedByBrain(second, ofRep.decision, await approve(admin, ofRep.decision), /another user/)
  })
})

describe('a change set that was approved', () => {
  const forgeries: [what: string, path: RegExp, to: (value: unknown) => unknown, codes?: string[]][] = [
    ['a value', /\/fields\/Matched_Account__c\/to$/, (value) => oneByteOff(String(value))],
    ['the loser', /\/losers\/0$/, (value) => oneByteOff(String(value))],
    ['a base value', /^\/base\/0\/at$/, (value) => oneByteOff(String(value))],
    ['its time of expiry', /^\/expiresAt$/, (value) => oneByteOff(String(value))],
    [
      'the number of people it needs',
      /^\/gate\/rosters\/0\/needs$/,
      (value) => Number(value) - 1,
      ['bad-request', 'not-granted'],
    ],
  ]
  it.each(forgeries)('is refused with one byte changed in %s', async (_what, path, to, codes) => {
    const { decision } = ofRep
    const leaves = changed(decision.leaves, path, to)
    const approvals = [await attacker.accept(await approve(admin, decision))]
    await refused(attacker.commit(leaves, approvals), /another version|leaves|gate|no stamp/, codes)
  })

  it('by one person is refused where two are needed, however often that person signs', async () => {
    const { decision } = twoPeople
    const twice = []
    for (let n = 0; n < 2; n += 1) twice.push(await attacker.accept(await approve(admin, decision)))
    await refused(attacker.commit(decision.leaves, twice.slice(1)), /2 different people, 1/)
    await refused(attacker.commit(decision.leaves, twice), /2 different people, 1/)
  })
})

describe('a user who may decide but may not write what is decided', () => {
  const rightsOf = (verb: Right['verb'], object: string) =>
    ofRep.decision.rights.filter((right) => right.verb === verb && right.object === object)

  it('gets no signature of the org: not for the loser it may not delete, not for the field it may not edit', async () => {
    const { decision, twins } = ofRep
    const sign = (rights: Right[]) => rep.decide(decision.id, decision.digest, 'approve', rights)
    expect(rightsOf('edit', 'Account')).toMatchObject([{ id: twins.kept, fields: ['AnnualRevenue'] }])
    await expect(sign(rightsOf('edit', 'Account'))).rejects.toThrow(/403.*may not edit Account.AnnualRevenue/)
    await expect(sign(rightsOf('delete', 'Account'))).rejects.toThrow(`may not delete Account ${twins.merged}`)
    await expect(sign(decision.rights)).rejects.toThrow(/403.*may not/)
  })

  it('commits nothing with a signature for other rights', async () => {
    const { decision } = ofRep
    const some = decision.rights.filter(({ object }) => object === 'Lead')
    for (const rights of [[], some]) {
      const sign = () => rep.decide(decision.id, decision.digest, 'approve', rights)
      await refused(attacker.commit(decision.leaves, [await attacker.accept(await sign())]), /rights were checked/)
      await refusedByBrain(rep, decision, await sign(), /hidden from you|rights|answered by/)
    }
    const token = await admin.decide(decision.id, decision.digest, 'approve', [])
    await refusedByBrain(admin, decision, token, /did not check the rights/)
  })

  it('who may not even decide gets no signature at all', async () => {
    const manager = await stack.as('manager')
    const { decision } = ofRep
    await expect(manager.decide(decision.id, decision.digest, 'approve', [])).rejects.toThrow(/Decide_Missions/)
    await refusedByBrain(manager, decision, await approve(admin, decision), /Decide_Missions/)
  })
})

describe('the same change set', () => {
  it('waits after one of the two approvals it needs, given twice, and is written after the other person’s', async () => {
    const { decision, leadId } = twoPeople
    expect((await admin.approve(decision)).status).toBe(200)
    await refusedByBrain(admin, decision, await approve(admin, decision), /approved this version already/)
    await expect(writes()).resolves.toBe(0)
    approved = true
    expect((await second.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'verified'])
    expect(await writes()).toBe(decision.plan.length)
  })
})

function changed(leaves: readonly Leaf[], path: string | RegExp, to: (value: unknown) => unknown): Leaf[] {
  const isIt = (leaf: Leaf) => (typeof path === 'string' ? leaf.path === path : path.test(leaf.path))
  const found = leaves.find(isIt)
  if (!found || !('value' in found)) throw new Error(`no open leaf ${String(path)}`)
  const value = to(found.value) as string
  return leaves.map((leaf) => (leaf === found ? { ...found, value } : leaf))
}

const oneByteOff = (text: string) => text.slice(0, 14) + (text[14] === '2' ? '3' : '2') + text.slice(15)
