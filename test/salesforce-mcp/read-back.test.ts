// Guarantee 10: reading back reads what the grant covers and nothing else, whatever operations a brain makes up.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { callTool } from './calling.ts'
import { ANNA, LOSER, merge, openMerging, SURVIVOR, type Merging } from './scripted-merge.ts'

let house: Merging
let grant: string

beforeAll(async () => {
  house = await openMerging()
  grant = await house.open()
})
afterAll(() => house.close())

const CONTACT = '003000000000001AAA'
const moving = (object: string, field: string): Operation =>
  ({ ...merge, moves: [{ object, field, ids: [CONTACT] }] }) as Operation
const removing = (object: string): Operation => ({ kind: 'delete', object, id: CONTACT })
const owning = (object: string): Operation => ({
  kind: 'changeOwner',
  object,
  id: CONTACT,
  from: ANNA,
  to: ANNA,
  source: 'rule:x',
  keepTeam: true,
  transfer: [],
})

describe('reading back', () => {
  it.each<[string, Operation]>([
    ['a field of a contact that the grant does not read, as a move', moving('Contact', 'Phone')],
    ['a mobile number, as a move', moving('Contact', 'MobilePhone')],
    ['a user’s e-mail address, as a move', moving('User', 'Email')],
    ['a user’s profile, as a move', moving('User', 'ProfileId')],
    ...['PermissionSet', 'Profile', 'Organization', 'Group', 'Mission_Receipt__c'].flatMap(
      (object): [string, Operation][] => [
        [`${object}, as a delete`, removing(object)],
        [`${object}, as a change of owner`, owning(object)],
      ],
    ),
    ['an account, as a delete that the grant has not', removing('Account')],
    [
      'a field that the grant does not write',
      { ...merge, fields: { Secret__c: { from: null, to: 'x', source: 'kept' } } } as Operation,
    ],
  ])('refuses %s, before anything is asked of the org', async (_title, operation) => {
    house.org.queries.length = 0
    const input = { grant, digest: 'd'.repeat(64), operations: [operation], created: {} }
    await expect(callTool(house.client, 'readBack', input)).rejects.toMatchObject({ error: { code: 'not-granted' } })
    expect(house.org.queries).toEqual([])
  })

  it('reads what the grant covers', async () => {
    const input = { grant, digest: 'd'.repeat(64), operations: [moving('Contact', 'AccountId')], created: {} }
    await callTool(house.client, 'readBack', input)
    expect(house.org.queries.join()).toContain(SURVIVOR)
    expect(house.org.queries.join()).toContain(LOSER)
  })
})
