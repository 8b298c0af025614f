// After a restore: a decision whose merge stands in the org is settled when a person opens it, and not answered again.
import { beforeAll, expect, it } from 'vitest'
import type { DecisionView } from '../../../server/contract/http.ts'
import type { Receipt } from '../../../server/brain/decisions/strays/settle-by-receipt.ts'
import { INC, TASK, USERS } from '../decisions/acme.ts'
import { openDoor, type Door } from './server.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})

it('shows by whom it was approved, and asks the org once', async () => {
  const { decision, changeSet, run } = await door.propose()
  const about = { digest: changeSet.digest, decision: decision.id, run: run.id, approvedBy: [USERS.admin] }
  const receipt: Receipt = { id: TASK, key: `${changeSet.digest}/1`, createdDate: door.clock.now(), ...about }
  door.salesforce.answers.listReceipts = () => ({ receipts: [receipt], more: false, calls: 1 })
  door.salesforce.hide(USERS.second, INC)
  const opened = await door.json<DecisionView>('second', `/api/v1/decisions/${decision.id}`)
  expect(opened).toMatchObject({ status: 'approved', you: { canApprove: false } })
  expect(opened.answered.map(({ name, verb }) => [name, verb])).toEqual([['Ada Admin', 'approve']])
  await door.json('second', `/api/v1/decisions/${decision.id}`)
  expect(door.salesforce.calls.filter(({ tool }) => tool === 'listReceipts')).toHaveLength(1)
})

it('is shown as it is while the org cannot be asked, and looked for again when it is opened next', async () => {
  const { decision } = await door.propose()
  door.salesforce.answers.listReceipts = () => Promise.reject(new Error('away'))
  const before = door.salesforce.calls.length
  for (let time = 0; time < 2; time += 1) {
    expect(await door.json<DecisionView>('admin', `/api/v1/decisions/${decision.id}`)).toMatchObject({ status: 'open' })
  }
  const asked = door.salesforce.calls.slice(before).filter(({ tool }) => tool === 'listReceipts')
  expect(asked).toHaveLength(2)
})
