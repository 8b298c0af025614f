// What stands of a change set is found by its receipt and the records, whoever wrote it, and finding it writes nothing.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ToolOutput } from '../../../server/contract/tools.ts'
import type { Sealed } from '../signing.ts'
import { ALL_ALREADY, openReconciling, reconcile, statuses, type Reconciling } from '../reconciling.ts'

let house: Reconciling
let sealed: Sealed
beforeEach(async () => {
  house = await openReconciling()
  sealed = await house.propose(reconcile(house.ids))
})
afterEach(() => house.close())

const found = (): Promise<ToolOutput<'findCommitted'>> => house.call('findCommitted', { leaves: sealed.leaves })
const shown = ({ transactions }: ToolOutput<'findCommitted'>) =>
  transactions.map(({ kind, status }) => `${kind} ${status}`)

it('nothing before it is written, all of it afterwards, with what it created and who approved it', async () => {
  expect(shown(await found())).toEqual(['composite notSent', 'owners notSent', 'merge notSent'])
  const written = await house.commit(sealed)
  const log = house.committed().length
  const after = await found()
  expect(shown(after)).toEqual(ALL_ALREADY)
  expect(after.digest).toBe(sealed.digest)
  expect(after.transactions[0]?.created).toEqual(written.transactions[0]?.created)
  expect(house.committed()).toHaveLength(log)

  const since = new Date(0).toISOString()
  const { decision } = sealed.document
  const { receipts } = await house.call('listReceipts', { since, decision })
  expect(receipts).toMatchObject([{ decision, digest: sealed.digest }])
  expect(receipts[0]?.approvedBy.toSorted()).toEqual([house.ids.admin, house.ids.second].toSorted())
  expect((await house.call('listReceipts', { since, decision: 'another' })).receipts).toEqual([])
})

it('the first steps alone, when the last was not written', async () => {
  await house.fault({ mode: 'cut-before', match: { soapAction: 'merge' } })
  expect(statuses(await house.commit(sealed))).toEqual(['composite written', 'owners written', 'merge unknown'])
  await house.fault({ mode: 'clear' })
  expect(shown(await found())).toEqual(['composite already', 'owners already', 'merge notSent'])
})

it('nothing where the org holds a mark in the place of the receipt', async () => {
  const { decision, run, mission } = sealed.document
  await house.call('voidChangeSet', { digest: sealed.digest, decision, run, mission: `${mission}@1` })
  expect(shown(await found())).toEqual(['composite notSent', 'owners notSent', 'merge notSent'])
})
