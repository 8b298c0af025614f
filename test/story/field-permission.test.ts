// The permission sets of force-app decide: without one field permission the main story fails, in Salesforce's own words.
import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import type { Transaction } from '../../server/practice-org/src/org/org.ts'
import { copiedPermissionSets, removeFieldPermission } from '../support/permission-set-folders.ts'
import { startStack } from '../support/stack.ts'
import { openDecision, runThatIs, tellStory } from '../support/story.ts'

interface Told {
  run: string[]
  /** What the run says, a line each. */
  lines: string[]
  /** The writer's transactions in the org's log. */
  writes: Transaction[]
  /** Tasks and receipts made, and the lead's link. */
  left: number[]
}

/** The main story, from the lead to the commit, in an org where one field permission is taken out of a permission set's file. */
async function tellWithout(set: string, field: string): Promise<Told> {
  const permissionSets = copiedPermissionSets()
  onTestFinished(() => rmSync(permissionSets, { recursive: true, force: true }))
  removeFieldPermission(permissionSets, set, field)
  await using stack = await startStack({ permissionSets })
  const [admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
  const leadId = await tellStory(stack, 'two-accounts-one-company')
  const approved = await second.approve(await openDecision(admin, leadId))
  expect(approved.status).toBe(200)
  const run = await runThatIs(admin, leadId, ['done', 'failed'])
  const rows = async (soql: string): Promise<number> => (await admin.query(soql)).length
  return {
    run: [run.status, run.verdict ?? ''],
    lines: (await admin.observations(run.id)).map(({ text }) => text),
    writes: await stack.writes(),
    left: [
      await rows(`SELECT Id FROM Task WHERE WhoId = '${leadId}'`),
      await rows('SELECT Id FROM Mission_Receipt__c'),
      await rows(`SELECT Id FROM Lead WHERE Id = '${leadId}' AND Matched_Account__c != null`),
    ],
  }
}

it('a writer that may not write one field is refused in the words of the org, and nothing is written', async () => {
  const { run, lines, writes, left } = await tellWithout('Missions_Writer', 'Task.Description')
  expect(run).toEqual(['done', 'failed'])
  expect(lines.at(-1)).toContain('Salesforce refused: Unable to create/update fields: Description.')
  const [write, ...others] = writes
  expect([write?.committed, others]).toEqual([false, []])
  expect(write?.operations.at(-1)).toMatchObject({ object: 'Task', error: 'INVALID_FIELD_FOR_INSERT_UPDATE' })
  expect(left).toEqual([0, 0, 0])
}, 60_000)

it('a writer without any right to the lead’s new field is refused the whole transaction', async () => {
  const { run, lines, writes, left } = await tellWithout('Missions_Writer', 'Lead.Matched_Account__c')
  expect(run).toEqual(['done', 'failed'])
  expect(lines.at(-1)).toContain('Salesforce refused: Unable to create/update fields: Matched_Account__')
  expect(writes.map(({ committed }) => committed)).toEqual([false])
  expect(writes[0]?.operations.at(-1)).toMatchObject({ object: 'Lead', error: 'INVALID_FIELD_FOR_INSERT_UPDATE' })
  expect(left).toEqual([0, 0, 0])
}, 60_000)

it('a decider that may not edit one field of the change set may not approve it', async () => {
  await expect(tellWithout('Missions_Decider', 'Lead.Matched_Account__c')).rejects.toThrow(
    'You may not edit Lead.Matched_Account__c.',
  )
}, 60_000)
