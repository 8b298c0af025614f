import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { openOrg } from '../../src/engine/engine.ts'
import type { ChangeEvent } from '../../src/org/org.ts'
import { compoundsOf } from '../../src/topics/compound.ts'
import { openHouse, NOON, type House } from '../support/engine-harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'change-events-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The change events that some work leaves behind. */
function eventsOf(house: House, work: () => void): ChangeEvent[] {
  const before = house.org.latestReplayId()
  work()
  return house.org.eventsAfter('ChangeEvents', before, 10_000)
}
const inShort = (events: ChangeEvent[]) =>
  events.map(({ header }) => `${header.changeType} ${header.entityName} ${header.recordIds.length}`)

const house = openHouse()
const { org } = house
const admin = house.as('admin')
const account = (fields: object = {}) => org.create(admin, 'Account', { Name: 'A', ...fields })

describe('the header of a change event', () => {
  it('names the transaction, the place in it, who and when', () => {
    const events = eventsOf(house, () =>
      org.transaction(admin, () => {
        account({ Name: 'One' })
        account({ Name: 'Two' })
      }),
    )
    const [one, two] = events.map(({ header }) => header)
    expect(one).toMatchObject({
      entityName: 'Account',
      changeType: 'CREATE',
      commitUser: admin.userId,
      commitTimestamp: NOON,
      changeOrigin: 'com/salesforce/api/rest/66.0;client=loader',
      changedFields: [],
      nulledFields: [],
    })
    expect([one?.sequenceNumber, two?.sequenceNumber]).toEqual([1, 2])
    expect(two?.transactionKey).toBe(one?.transactionKey)
    expect(two?.commitNumber).toBe(one?.commitNumber)
    const [next] = eventsOf(house, () => account())
    expect(next?.header.transactionKey).not.toBe(one?.transactionKey)
    expect(next?.header.commitNumber).toBeGreaterThan(one?.commitNumber ?? Infinity)
  })

  it('names all records to which one transaction made the same change', () => {
    const ids = [account(), account(), account()]
    const update = (id: string, Phone: string) => org.update(admin, 'Account', id, { Phone })
    const same = eventsOf(house, () => org.transaction(admin, () => ids.forEach((id) => update(id, '1'))))
    expect(same.map(({ header }) => header.recordIds)).toEqual([ids])
    expect(same[0]?.fields).toMatchObject({ Phone: '1' })
    const differing = eventsOf(house, () => org.transaction(admin, () => ids.forEach((id, n) => update(id, `9${n}`))))
    expect(differing.map(({ header }) => header.recordIds)).toEqual(ids.map((id) => [id]))
    const apart = eventsOf(house, () => ids.forEach((id) => update(id, '9')))
    expect(apart).toHaveLength(3)
    const gone = eventsOf(house, () =>
      org.transaction(admin, () => ids.forEach((id) => org.delete(admin, 'Account', id))),
    )
    expect(gone.map(({ header, fields }) => [header.changeType, header.recordIds, fields])).toEqual([
      ['DELETE', ids, {}],
    ])
  })

  it('does not join changes more than a second apart', () => {
    const ids = [account(), account()]
    const events = eventsOf(house, () =>
      org.transaction(admin, () => {
        for (const id of ids) {
          org.update(admin, 'Account', id, { Fax: '1' })
          house.later(2000)
        }
      }),
    )
    expect(events).toHaveLength(2)
  })

  it('names changed and emptied fields of an update alone', () => {
    const id = account({ Phone: '1', Site: 'S' })
    const [event] = eventsOf(house, () => org.update(admin, 'Account', id, { Phone: null, Site: 'T' }))
    expect(event?.header.changedFields).toEqual(['Phone', 'Site', 'LastModifiedDate'])
    expect(event?.header.nulledFields).toEqual(['Phone'])
    expect(event?.fields).toMatchObject({ Phone: null, Site: 'T' })
  })
})

describe('a transaction', () => {
  it('of more than 100,000 changes tells of the rest by one overflow for each object', () => {
    const big = openHouse()
    const by = big.as('admin')
    const events = eventsOf(big, () =>
      big.org.transaction(by, () => {
        const names = Object.fromEntries(
          ['Street', 'City', 'State', 'PostalCode', 'Country', 'Title', 'Phone', 'Website'].map((name) => [name, 'x']),
        )
        for (let n = 0; n < 6000; n += 1) big.org.create(by, 'Lead', { ...names, LastName: `L${n}`, Company: 'C' })
        big.org.create(by, 'Account', { Name: 'Late' })
      }),
    )
    const told = events.filter(({ header }) => header.changeType === 'CREATE')
    const fields = told.reduce((sum, event) => sum + Object.keys(event.fields).length, 0)
    expect(fields).toBeLessThanOrEqual(100_000)
    expect(fields).toBeGreaterThan(99_900)
    expect(
      events.slice(told.length).map(({ header, fields }) => [header.entityName, header.recordIds, fields]),
    ).toEqual([
      ['Lead', ['000000000000000AAA'], {}],
      ['Account', ['000000000000000AAA'], {}],
    ])
    expect(inShort(events.slice(told.length))).toEqual(['GAP_OVERFLOW Lead 1', 'GAP_OVERFLOW Account 1'])
  })

  it('whose event is larger than 1 MB tells of a gap, with the record and nothing else', () => {
    const long = { type: 'textarea', length: 131_072 }
    const fields = Array.from({ length: 9 }, (_, n) => ({ name: `Text${n}__c`, ...long }))
    const Essay = {
      name: 'Essay__c',
      label: 'Essay',
      labelPlural: 'Essays',
      keyPrefix: 'a0Y',
      access: 'crud',
      changeEvents: true,
      shareBy: ['owner'],
      fields: [{ name: 'Name', type: 'string', length: 80, nillable: false, nameField: true }, ...fields],
    }
    writeFileSync(join(folder, 'essay.json'), JSON.stringify(Essay))
    const objects = pathToFileURL(`${folder}/`)
    const wide = openOrg({ file: ':memory:', orgId: '00DgK0000000001UAA', now: () => NOON, objects })
    const userId = wide.user('admin@practice.example')?.id ?? ''
    const by = { userId, api: 'rest', version: '66.0' } as const
    const id = wide.create(by, 'Essay__c', { Name: 'E' })
    const text = 'x'.repeat(131_000)
    wide.update(by, 'Essay__c', id, Object.fromEntries(fields.map(({ name }) => [name, text])))
    const [, gap] = wide.eventsAfter('Essay__ChangeEvent', 0, 10)
    expect(gap).toMatchObject({ header: { changeType: 'GAP_UPDATE', recordIds: [id], changedFields: [] }, fields: {} })
  })
})

describe('what an org does with several records', () => {
  it('tells of a merge: the losers gone, their children moved, the survivor changed', () => {
    const [master, loser] = [account({ Name: 'M' }), account({ Name: 'L' })]
    const contact = org.create(admin, 'Contact', { LastName: 'C', AccountId: loser })
    const events = eventsOf(house, () =>
      org.merge(admin, { type: 'Account', masterId: master, fields: { Phone: '7' }, loserIds: [loser] }),
    )
    const of = (id: string) => events.find(({ header }) => header.recordIds.includes(id))
    expect(of(loser)?.header.changeType).toBe('DELETE')
    expect(of(contact)).toMatchObject({ header: { changeType: 'UPDATE' }, fields: { AccountId: master } })
    expect(of(master)).toMatchObject({ header: { changeType: 'UPDATE' }, fields: { Phone: '7' } })
    expect(new Set(events.map(({ header }) => header.transactionKey)).size).toBe(1)
  })

  it('tells of a deletion with its children, and of their restoration in full', () => {
    const parent = account({ Name: 'Parent', Phone: '5' })
    org.create(admin, 'Contact', { LastName: 'Child', AccountId: parent })
    expect(inShort(eventsOf(house, () => org.delete(admin, 'Account', parent))).sort()).toEqual([
      'DELETE Account 1',
      'DELETE Contact 1',
    ])
    const back = eventsOf(house, () => org.undelete(admin, parent))
    expect(inShort(back).sort()).toEqual(['UNDELETE Account 1', 'UNDELETE Contact 1'])
    const restored = back.find(({ header }) => header.entityName === 'Account')
    expect(restored).toMatchObject({ fields: { Name: 'Parent', Phone: '5' }, header: { changedFields: [] } })
  })

  it('tells of a converted lead and what came of it', () => {
    const leadId = org.create(admin, 'Lead', { LastName: 'Conv', Company: 'Conv Ltd' })
    const status = house.rows('SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true')[0]?.['MasterLabel']
    const events = eventsOf(house, () => {
      const result = org.convertLead(admin, { leadId, convertedStatus: String(status) })
      expect(result.errors).toEqual([])
    })
    expect(inShort(events).sort()).toEqual(
      expect.arrayContaining(['CREATE Account 1', 'CREATE Contact 1', 'CREATE Opportunity 1', 'UPDATE Lead 1']),
    )
    const lead = events.find(({ header }) => header.entityName === 'Lead')
    expect(lead?.fields).toMatchObject({ IsConverted: true })
    expect(lead?.header.changedFields).toContain('ConvertedAccountId')
  })

  it('says nothing of a record that came and went in one transaction, nor of a transaction that failed', () => {
    const events = eventsOf(house, () => {
      org.transaction(admin, () => org.delete(admin, 'Account', account()))
      expect(() =>
        org.transaction(admin, () => {
          account()
          throw new Error('undone')
        }),
      ).toThrow('undone')
    })
    expect(events).toEqual([])
  })
})

describe('the fields of a change event', () => {
  it.each([
    ['Account', 'Name Type ParentId BillingAddress ShippingAddress Phone Fax Website Industry AnnualRevenue'],
    ['Contact', 'AccountId Name OtherAddress MailingAddress Phone Fax MobilePhone HomePhone OtherPhone AssistantPhone'],
    ['Lead', 'Name Title Company Address Phone Email Website Description LeadSource Status Industry Rating'],
    [
      'Opportunity',
      'AccountId Name Description StageName Amount Probability CloseDate Type NextStep LeadSource IsClosed',
    ],
    ['Task', 'WhoId WhatId Subject ActivityDate Status Priority OwnerId Description AccountId IsClosed'],
  ])('of %s come in the order of an org', (object, names) => {
    const fields = compoundsOf(org.eventFields(`${object}ChangeEvent`) ?? []).map(({ name }) => name)
    const expected = [...names.split(' '), 'CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById']
    expect(fields.filter((name) => expected.includes(name))).toEqual(expected)
  })

  it('leave out what an org derives', () => {
    const names = ['Account', 'Contact', 'Lead', 'Opportunity', 'Task', 'Case'].flatMap((object) =>
      (org.eventFields(`${object}ChangeEvent`) ?? []).map(({ name }) => name),
    )
    const derived = ['Id', 'IsDeleted', 'SystemModstamp', 'LastActivityDate', 'LastViewedDate', 'LastReferencedDate']
    expect(
      names.filter((name) => [...derived, 'MasterRecordId', 'PhotoUrl', 'ExpectedRevenue'].includes(name)),
    ).toEqual([])
  })
})

describe('events', () => {
  it('are kept for three days, then leave no trace on the disk either', () => {
    const file = join(folder, 'kept.sqlite')
    const kept = openHouse(file)
    const by = kept.as('admin')
    for (let n = 0; n < 20; n += 1) kept.org.create(by, 'Lead', { LastName: `${n}`, Company: 'C' })
    const first = kept.org.oldestReplayId('*') ?? 0
    kept.later(71 * 3_600_000)
    kept.org.create(by, 'Lead', { LastName: 'later', Company: 'C' })
    expect(kept.org.oldestReplayId('*')).toBe(first)
    kept.later(2 * 3_600_000)
    kept.org.create(by, 'Lead', { LastName: 'last', Company: 'C' })
    expect(kept.org.eventsAfter('LeadChangeEvent', 0, 100)).toHaveLength(2)
    expect(kept.org.oldestReplayId('*')).toBe(first + 20)
    const disk = new DatabaseSync(file, { readOnly: true })
    expect(disk.prepare('SELECT count(*) AS n FROM _event').get()).toEqual({ n: 2 })
    disk.close()
    kept.org.close()
  })
})
