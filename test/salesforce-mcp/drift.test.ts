// Drift is a value that differs by the type of its field: text letter by letter, numbers by amount, times as instants.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FieldValue } from '../../server/contract/values/field-value.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { baseOf } from './house.ts'
import { openReconciling, statuses, type Reconciling } from './reconciling.ts'

const ADMIN = { api: 'ui', version: '66.0' } as const

let house: Reconciling

beforeEach(async () => {
  house = await openReconciling()
})
afterEach(() => house.close())

/** The practice org keeps numbers as numbers and text as text. */
const CASES: [field: string, from: FieldValue, now: string | number | null, drifts: boolean][] = [
  ['NextStep', '1.10', '1.10', false],
  ['NextStep', '1.10', '1.1', true],
  ['NextStep', '100', '100.0', true],
  ['NextStep', '2026-11-30T09:00:00.000+0000', '2026-11-30T09:00:00Z', true],
  ['NextStep', null, '', false],
  ['Amount', '1.10', 1.1, false],
  ['Amount', '05.0', 5, false],
  ['Amount', '1.10', 1.2, true],
  ['Amount', '0', null, true],
  ['StageName', 'Prospecting', 'Prospecting', false],
  ['StageName', 'Prospecting', 'Qualification', true],
]

const change = (id: string, field: string, from: FieldValue, to: FieldValue): Operation[] => [
  { kind: 'update', object: 'Opportunity', id, fields: { [field]: { from, to, source: 'rule:x' } } },
]

describe('drift', () => {
  it.each(CASES)('of %s from %j to %j is seen: %s', async (field, from, now, drifts) => {
    house.org.org.update({ ...ADMIN, userId: house.ids.admin }, 'Opportunity', house.ids.opportunity, { [field]: now })
    const operations = change(house.ids.opportunity, field, from, 'Closed Won')
    const checked = await house.call('checkChangeSet', { grant: house.grant, operations, base: {} })
    expect(checked.drift.map((drift) => drift.field)).toEqual(drifts ? [field] : [])
  })

  it('in a text that a number would not show stops the commit before the first write', async () => {
    const { admin, opportunity } = house.ids
    house.org.org.update({ ...ADMIN, userId: admin }, 'Opportunity', opportunity, { NextStep: '1.10' })
    const sealed = await house.propose(change(opportunity, 'NextStep', '1.10', '2.0'))
    const approvals = await house.bothApprove(sealed)
    house.org.org.update({ ...ADMIN, userId: admin }, 'Opportunity', opportunity, { NextStep: '1.1' })
    const result = await house.commit(sealed, approvals)
    expect(result.drift).toMatchObject([{ field: 'NextStep', was: '1.10', now: '1.1', as: 'text' }])
    expect(statuses(result)).toEqual(['composite notSent'])
  })
})

it('a read-back names how the fields it read are compared', async () => {
  const operations = change(house.ids.opportunity, 'NextStep', null, 'Call')
  await baseOf(house, operations)
  const digest = 'a'.repeat(64)
  const { types } = await house.call('readBack', { grant: house.grant, digest, operations, created: {} })
  expect(types?.['Opportunity']).toMatchObject({ NextStep: 'text', Amount: 'number', SystemModstamp: 'time' })
})
