// Guarantees 1 and 6 on the whole product: the gate holds at the moment of writing, whatever the brain says and whoever approved.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DecisionView, RunView } from '../../server/contract/http.ts'
import { digestOf, type Leaf } from '../../server/contract/seal.ts'
import { attack, type Attacker } from '../support/attacker.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { cameOutOtherwise, openDecision } from '../support/story.ts'
import { createTwins, createTwinsLead, type Twins } from '../support/twins.ts'

let stack: Stack
let admin: Person
let second: Person
let attacker: Attacker
let before = 0

beforeAll(async () => {
  stack = await startStack()
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
  attacker = await attack(stack)
  await mayPutOnHold()
})
afterAll(async () => {
  await attacker?.close()
  await stack?.[Symbol.asyncDispose]()
})
const writes = async () => (await stack.writes()).length
beforeEach(async () => (before = await writes()))

/** None of our permission sets lets anybody set a legal hold: the administrator gives it to themselves. */
async function mayPutOnHold(): Promise<void> {
  const ParentId = await admin.create('PermissionSet', { Name: 'Legal', Label: 'Legal' })
  const field = { SobjectType: 'Account', Field: 'Account.Legal_Hold__c' }
  await admin.create('FieldPermissions', { ParentId, ...field, PermissionsRead: true, PermissionsEdit: true })
  const [user] = await admin.query("SELECT Id FROM User WHERE Username = 'admin@practice.example'")
  await admin.create('PermissionSetAssignment', { AssigneeId: user!.Id, PermissionSetId: ParentId })
}

async function proposed(
  name: string,
  amount?: number,
): Promise<{ twins: Twins; leadId: string; decision: DecisionView }> {
  const twins = await createTwins(admin, name, amount === undefined ? {} : { amount })
  const leadId = await createTwinsLead(admin, name)
  return { twins, leadId, decision: await openDecision(admin, leadId) }
}

/** The same operations under another gate and decision, as a brain would reseal them that wants one easy signature. */
function resealed({ leaves }: DecisionView, needs: number, from: string, line: number): Leaf[] {
  const salted = (path: string, value: string | number): Leaf => ({ path, salt: 's'.repeat(22), value })
  const kept = leaves.filter(({ path }) => !path.startsWith('/gate/') && path !== '/decision')
  return [
    ...kept,
    salted('/decision', '0198c0de-0000-7000-8000-000000000001'),
    salted('/gate/lines/0', line),
    salted('/gate/rosters/0/needs', needs),
    salted('/gate/rosters/0/from', from),
  ]
}

describe('a brain that chooses the gate', () => {
  it('gets nothing written with one signature under the last line, when the merge moves what takes two of RevOps', async () => {
    const { decision } = await proposed('Harbour Kites', 300_000)
    expect(decision.needs).toBe(2)
    const leaves = resealed(decision, 1, 'permission:Decide_Missions', 3)
    const token = await admin.decide(
      '0198c0de-0000-7000-8000-000000000001',
      digestOf(leaves),
      'approve',
      decision.rights,
    )
    const { gate, transactions } = await attacker.commit(leaves, [await attacker.accept(token)])
    expect(gate).toMatchObject({ require: { rosters: [{ needs: 2, from: 'group:RevOps' }] } })
    expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(['notSent']))
    expect(await writes()).toBe(before)
  })

  it.each(['kept', 'merged'] as const)(
    'gets nothing written to an account under legal hold: the one %s',
    async (side) => {
      const { decision, twins } = await proposed(`Cliffside ${side === 'kept' ? 'Bakers' : 'Tilers'}`)
      await admin.update('Account', twins[side], { Legal_Hold__c: true })
      const token = await admin.decide(decision.id, decision.digest, 'approve', decision.rights)
      const { gate, drift, transactions } = await attacker.commit(decision.leaves, [await attacker.accept(token)])
      // A change within the second of the reading moves no stamp that differs; the gate reads the hold itself.
      if (drift.length === 0) expect(gate).toMatchObject({ block: 'Legal hold' })
      else expect([side, drift]).toMatchObject(['merged', [{ id: twins.merged, field: 'SystemModstamp' }]])
      expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(['notSent']))
      expect(await writes()).toBe(before)
    },
  )
})

describe('what changed after the first of two approvals', () => {
  const approvedByBoth = async (decision: DecisionView, meanwhile: () => Promise<unknown>) => {
    expect((await second.approve(decision)).status).toBe(200)
    await meanwhile()
    expect((await admin.approve(decision)).status).toBe(200)
  }

  it('legal hold on the survivor: nothing is written, and what a new run proposes merges nothing', async () => {
    const { decision, leadId, twins } = await proposed('Amber Ropes', 150_000)
    await approvedByBoth(decision, () => admin.update('Account', twins.kept, { Legal_Hold__c: true }))
    await expect.poll(async () => (await admin.decision(decision.id)).status, { timeout: 20_000 }).toBe('superseded')
    const again = await openDecision(admin, leadId)
    expect(again.changeSet.operations.map(({ kind }) => kind)).not.toContain('merge')
    expect(await writes()).toBe(before)
  })

  it('a large opportunity on the loser: nothing is written, and the new run asks two people', async () => {
    const { decision, leadId, twins } = await proposed('Pebble Glass', 1000)
    expect(decision.needs).toBe(1)
    // Held before the write by nobody: the deal comes between the look at the card and the click.
    const deal = { Name: 'Late deal', StageName: 'Prospecting', CloseDate: '2027-03-01', AccountId: twins.merged }
    await admin.create('Opportunity', { ...deal, Amount: 900_000 })
    expect((await admin.approve(decision)).status).toBe(200)
    await expect.poll(async () => (await admin.decision(decision.id)).status, { timeout: 20_000 }).toBe('superseded')
    expect(await writes()).toBe(before)
    const again = await openDecision(admin, leadId)
    expect(again.id).not.toBe(decision.id)
    expect(again.needs).toBe(2)
  })

  it('the first approver left the group: that approval lapses by name, and another person is waited for', async () => {
    const { decision } = await proposed('Quarry Lamps', 150_000)
    const [member] = await admin.query(
      "SELECT Id FROM GroupMember WHERE Group.DeveloperName = 'RevOps' AND UserOrGroupId IN (SELECT Id FROM User WHERE Username = 'second@practice.example')",
    )
    const [group] = await admin.query("SELECT Id FROM Group WHERE DeveloperName = 'RevOps'")
    const [user] = await admin.query("SELECT Id FROM User WHERE Username = 'second@practice.example'")
    await approvedByBoth(decision, () => admin.remove('GroupMember', member!.Id))
    const lapsed = async () =>
      (await admin.observations(decision.runId)).map(({ text }) => text).filter((text) => text.includes('lapsed'))
    await expect.poll(lapsed, { timeout: 20_000 }).toEqual([expect.stringContaining('is no longer in group:RevOps')])
    const after = await admin.decision(decision.id)
    expect([after.status, after.approvals, after.needs, after.version]).toEqual(['open', 1, 2, decision.version])
    expect(await writes()).toBe(before)

    await admin.create('GroupMember', { GroupId: group!.Id, UserOrGroupId: user!.Id })
    expect((await second.approve(after)).status).toBe(200)
    const verdict = async () => (await admin.get<RunView>(`/runs/${decision.runId}`)).verdict
    await expect.poll(verdict, { timeout: 20_000 }).toBe('verified')
    expect(await cameOutOtherwise(admin)).toEqual([])
  })
})
