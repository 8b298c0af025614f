// What may be asked about people's rights and rosters: objects of grants that administrators activated, rosters of their gate lines.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { callTool } from '../calling.ts'
import { openScriptedHouse, type ScriptedHouse } from '../scripted-house.ts'
import { grant as whole, registeredRow } from '../signing.ts'

const grant: Grant = { ...whole, reads: { Account: ['Phone'], Lead: ['Company'] }, writes: {} }
const ANNA = '005000000000001AAA'
let house: ScriptedHouse
let hash: string

beforeAll(async () => {
  house = await openScriptedHouse()
})
beforeEach(async () => {
  house.org.script = { query: (soql) => answerTo(soql) }
  hash = await house.open(grant)
  house.org.queries.length = 0
})
afterAll(() => house.close())

/** An org where Anna may read everything. */
function answerTo(soql: string): object[] {
  if (soql.includes('UserRecordAccess'))
    return [...soql.matchAll(/'(\w{18})'/g)].map(([, RecordId]) => ({ RecordId, HasReadAccess: true }))
  if (soql.includes('FROM FieldPermissions')) return [...soql.matchAll(/'(\w+\.\w+)'/g)].map(([, Field]) => ({ Field }))
  if (soql.includes('FROM User WHERE Id =')) return [{ ProfileId: '00e000000000001AAA' }]
  if (soql.includes('FROM GroupMember')) return [{ UserOrGroupId: ANNA }]
  if (soql.includes('FROM User')) return [{ Id: ANNA, Name: 'Anna', attributes: { type: 'User', url: '' } }]
  return []
}

const see = (recordIds: string[], fields: string[] = [], grants = [hash]) =>
  callTool(house.client, 'checkVisibility', { userId: ANNA, grants, recordIds, fields })

describe('checkVisibility', () => {
  it('answers for records and fields of the objects of a grant', async () => {
    const seen = await see(['001000000000001AAA', '00Q000000000001AAA'], ['Account.Phone', 'Lead.Company'])
    expect(seen.records).toEqual({ '001000000000001AAA': true, '00Q000000000001AAA': true })
    expect(seen.fields).toEqual({ 'Account.Phone': true, 'Lead.Company': true })
    expect(seen.unknown).toEqual([])
  })

  it.each([
    ['a contact, which the grant does not name', '003000000000001AAA', 'Contact.Email'],
    ['a user', '005000000000009AAA', 'User.Email'],
    ['a permission set', '0PS000000000001AAA', 'PermissionSet.Name'],
    ['a record of no object', 'zzz000000000001AAA', 'Nothing__c.Name'],
    ['a session', '0Ak000000000001AAA', 'AuthSession.LoginType'],
  ])('hides %s, and asks the org nothing about it', async (_title, id, field) => {
    const seen = await see([id], [field])
    expect([seen.records, seen.fields]).toEqual([{ [id]: false }, { [field]: false }])
    expect(house.org.queries).toEqual([])
    await see([id, '001000000000001AAA'], [field, 'Account.Phone'])
    expect(house.org.queries.filter((soql) => soql.includes(id) && soql.includes('RecordAccess'))).toEqual([])
    expect(house.org.queries.filter((soql) => soql.includes(field))).toEqual([])
  })

  it('goes on for a mission that was withdrawn or ended: its old runs are still read', async () => {
    house.org.register = [registeredRow(house.options.sealKey, grant, { withdrawn: true })]
    await expect(callTool(house.client, 'openGrant', { grant })).rejects.toMatchObject({ error: { code: 'inactive' } })
    expect((await see(['001000000000001AAA'])).records).toEqual({ '001000000000001AAA': true })
  })

  it('names the grants that it does not know, and counts none that the register never held', async () => {
    const invented: Grant = { ...grant, reads: { ...grant.reads, Contact: ['Email'] } }
    await expect(callTool(house.client, 'openGrant', { grant: invented })).rejects.toMatchObject({
      error: { code: 'inactive' },
    })
    const seen = await see(['003000000000001AAA'], [], [hash, grantHash(invented)])
    expect([seen.records, seen.unknown]).toEqual([{ '003000000000001AAA': false }, [grantHash(invented)]])
  })
})

describe('resolveRoster', () => {
  const people = (from: string, of = hash) => callTool(house.client, 'resolveRoster', { grant: of, from })

  it('answers for the rosters of the gate, and for those who may decide', async () => {
    expect((await people('group:RevOps')).users).toEqual([{ id: ANNA, name: 'Anna' }])
    expect((await people('permission:Decide_Missions')).users).toEqual([])
  })

  it.each(['group:Finance', 'permission:Administer_Missions', 'permission:ViewSetup', 'group:revops', 'anyone', ''])(
    'refuses %s, and asks the org nothing',
    async (from) => {
      await expect(people(from)).rejects.toMatchObject({ error: { code: 'not-granted' } })
      expect(house.org.queries).toEqual([])
    },
  )

  it('refuses every roster under a grant that is not open', async () => {
    await expect(people('group:RevOps', 'a'.repeat(64))).rejects.toMatchObject({ error: { code: 'not-granted' } })
    house.org.register = [registeredRow(house.options.sealKey, grant, { withdrawn: true })]
    await expect(callTool(house.client, 'openGrant', { grant })).rejects.toMatchObject({ error: { code: 'inactive' } })
    await expect(people('group:RevOps')).rejects.toMatchObject({ error: { code: 'not-granted' } })
    expect(house.org.queries).toEqual([])
  })
})
