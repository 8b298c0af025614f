import { describe, expect, it } from 'vitest'
import { codeOf, openHouse, refusalOf } from '../support/engine-harness.ts'
import { deployed, field, object } from './sources.ts'

const open = (sets: Record<string, string>) => openHouse(':memory:', undefined, { content: deployed(sets) })

const GUARD = `${field('Account.Home__c', true)}${field('Berth__c.Depth__c')}${object('Berth__c', true)}
  <customPermissions><enabled>true</enabled><name>Moor</name></customPermissions>
  <classAccesses><apexClass>Harbour</apexClass><enabled>true</enabled></classAccesses>
  <userPermissions><enabled>true</enabled><name>TransferAnyLead</name></userPermissions>`

describe('what is deployed from metadata files', () => {
  it('is described as its files say', () => {
    const { org, as } = open({ Guard: GUARD })
    const { fields, ...berth } = org.describe(as('rep'), 'Berth__c') as { fields: { name: string }[] }
    expect(berth).toMatchObject({ custom: true, label: 'Berth', labelPlural: 'Berths', searchable: true })
    const named = (name: string): unknown => fields.find((each) => each.name === name)
    expect(named('Key__c')).toMatchObject({
      type: 'string',
      length: 40,
      nillable: false,
      unique: true,
      externalId: true,
    })
    expect(named('Depth__c')).toMatchObject({ type: 'double', precision: 4, scale: 1 })
    expect(named('Name')).toMatchObject({ label: 'Number', createable: false })
  })

  it('is granted by the set that names it, field by field, and by no profile', () => {
    const { org, as, rows } = open({ Guard: GUARD })
    const [rep, admin] = [as('rep'), as('admin')]
    expect(org.user(rep.userId)).toMatchObject({ customPermissions: ['Moor'], apexClasses: ['Harbour'] })
    expect(org.systemPermission(rep.userId, 'TransferAnyLead')).toBe(true)
    const berth = org.create(rep, 'Berth__c', { Key__c: 'a' })
    expect(codeOf(() => org.create(rep, 'Berth__c', { Key__c: 'b', Depth__c: 3 }))).toBe(
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    )
    const account = org.create(rep, 'Account', { Name: 'Guest', Home__c: berth })
    expect(rows(`SELECT Home__r.Name FROM Account WHERE Id = '${account}'`, 'rep')[0]).toMatchObject({
      Home__r: { Name: 'B-0001' },
    })
    const refusal = refusalOf(() => org.query(admin, 'SELECT Home__c FROM Account'))
    expect(refusal).toMatchObject({ errorCode: 'INVALID_FIELD' })
    expect(refusal?.message).toContain("No such column 'Home__c' on entity 'Account'")
    expect(refusalOf(() => org.update(admin, 'Account', account, { Home__c: null }))?.message).toContain(
      'Unable to create/update fields: Home__c. Please check the security settings of this field',
    )
  })

  it.each([
    ['a field that every user sees', field('Account.Name'), 'You cannot deploy to a required field: Account.Name'],
    ['a field that is not there', field('Account.Gone__c'), 'no CustomField named Account.Gone__c found'],
    ['an object that is not there', object('Gone__c'), 'no CustomObject named Gone__c found'],
    ['rights to tasks by object', object('Task'), 'Task takes no object permissions'],
    [
      'a user permission that is not there',
      '<userPermissions><enabled>true</enabled><name>Fly</name></userPermissions>',
      'Unknown user permission: Fly',
    ],
    [
      'a custom permission that is not there',
      '<customPermissions><enabled>true</enabled><name>Fly</name></customPermissions>',
      'no CustomPermission named Fly found',
    ],
  ])('a set that grants %s ends the start', (_what, body, message) => {
    expect(() => open({ Guard: body })).toThrow(`Guard: ${message}`)
  })
})
