import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ChangeEvent } from '../../src/org/org.ts'
import { codeOf, type House, openHouse } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})

describe('a transaction', () => {
  it('keeps everything or nothing, and logs both', () => {
    const writer = house.as('writer')
    const work = (second: Record<string, string>) => () =>
      house.org.transaction(writer, () => {
        house.org.create(writer, 'Account', { Name: 'First' })
        house.org.create(writer, 'Shipment__c', second)
      })
    expect(codeOf(work({}))).toBe('REQUIRED_FIELD_MISSING')
    expect(house.rows('SELECT Id FROM Account')).toHaveLength(0)
    expect(house.org.latestReplayId()).toBe(0)
    expect(codeOf(work({ Key__c: 'digest/1' }))).toBe('none')
    expect(house.org.transactions()).toMatchObject([
      {
        committed: false,
        key: null,
        client: 'loader',
        operations: [{ object: 'Account' }, { error: 'REQUIRED_FIELD_MISSING' }],
      },
      {
        committed: true,
        key: 'digest/1',
        username: 'writer@practice.example',
        operations: [{ verb: 'create' }, { verb: 'create' }],
      },
    ])
    expect(house.org.transactions(1)).toHaveLength(1)
  })

  it('goes on after a refused step that its caller caught, without a trace of it', () => {
    const writer = house.as('writer')
    house.org.transaction(writer, () => {
      house.org.create(writer, 'Account', { Name: 'Kept' })
      expect(codeOf(() => house.org.create(writer, 'Contact', {}))).toBe('REQUIRED_FIELD_MISSING')
    })
    expect(house.rows('SELECT Name FROM Account')).toHaveLength(1)
    expect(house.org.eventsAfter('ChangeEvents', 0, 10).map(({ topic }) => topic)).toEqual(['AccountChangeEvent'])
  })
})

describe('change events', () => {
  it('say who changed what, once per record and commit', () => {
    const writer = house.as('writer')
    const heard: ChangeEvent[][] = []
    const stop = house.org.onEvents((events) => heard.push(events))
    const id = house.org.create(writer, 'Lead', { LastName: 'Lee', Company: 'Lumen', Fax: '1' })
    house.later(1000)
    house.org.transaction(writer, () => {
      house.org.update(writer, 'Lead', id, { Fax: null })
      house.org.update(writer, 'Lead', id, { Company: 'Lumen AS' })
    })
    stop()
    house.org.update(writer, 'Lead', id, { Company: 'Unheard' })
    const [[created] = [], [updated] = []] = heard
    expect(heard).toHaveLength(2)
    expect(created).toMatchObject({
      topic: 'LeadChangeEvent',
      header: { changeType: 'CREATE', changedFields: [], recordIds: [id] },
      fields: { Company: 'Lumen', Fax: '1' },
    })
    expect(updated).toMatchObject({
      header: {
        changeType: 'UPDATE',
        changeOrigin: 'com/salesforce/api/rest/66.0;client=loader',
        commitUser: writer.userId,
        changedFields: ['Company', 'Fax', 'LastModifiedDate'],
        nulledFields: ['Fax'],
      },
      fields: { Company: 'Lumen AS', Fax: null },
    })
    expect(updated?.fields).not.toHaveProperty('LastName')
  })

  it('say nothing when nothing changed', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', { Name: 'Same' })
    const before = house.org.latestReplayId()
    house.org.update(admin, 'Account', id, { Name: 'Same' })
    expect(house.org.latestReplayId()).toBe(before)
  })

  it('are kept for three days and found by topic', () => {
    const admin = house.as('admin')
    house.org.create(admin, 'Account', { Name: 'a' })
    house.org.create(admin, 'Lead', { LastName: 'l', Company: 'c' })
    expect(house.org.eventsAfter('LeadChangeEvent', 0, 10)).toHaveLength(1)
    house.later(73 * 3_600_000)
    expect(house.org.eventsAfter('ChangeEvents', 0, 10)).toHaveLength(0)
  })

  it('have a described shape', () => {
    expect(house.org.eventFields('LeadChangeEvent')).toContainEqual({ name: 'ConvertedDate', type: 'date' })
    expect(house.org.eventFields('NoteChangeEvent')).toBeUndefined()
  })
})

describe('automation', () => {
  it('refuses what a validation rule forbids, but not what is loaded', () => {
    house.org.setAutomation({
      validations: [
        {
          object: 'Account',
          when: [
            { field: 'Rating', is: '=', value: 'Hot' },
            { field: 'Phone', is: 'blank' },
          ],
          message: 'A hot account needs a phone',
          field: 'Phone',
        },
      ],
    })
    expect(codeOf(() => house.org.create(house.as('admin'), 'Account', { Name: 'x', Rating: 'Hot' }))).toBe(
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    )
    expect(house.org.load('Account', [{ Name: 'x', Rating: 'Hot' }])).toHaveLength(1)
  })

  it('changes fields later, as the org itself', () => {
    const admin = house.as('admin')
    house.org.setAutomation({ later: [{ object: 'Lead', on: 'create', afterMs: 2000, set: { Rating: 'Warm' } }] })
    const id = house.org.create(admin, 'Lead', { LastName: 'l', Company: 'c' })
    expect(house.org.retrieve(admin, 'Lead', id)['Rating']).toBeNull()
    house.later(2000)
    expect(house.org.retrieve(admin, 'Lead', id)['Rating']).toBe('Warm')
    expect(house.org.eventsAfter('LeadChangeEvent', 0, 10).at(-1)?.header).toMatchObject({
      changeType: 'UPDATE',
      changeOrigin: '',
    })
  })
})

describe('an org in a file', () => {
  it('is the same after it was closed and opened again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'practice-org-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'org.sqlite')
    const first = openHouse(file)
    const id = first.org.create(first.as('admin'), 'Account', { Name: 'Kept' })
    const replayId = first.org.latestReplayId()
    first.org.close()
    const second = openHouse(file)
    expect(second.org.retrieve(second.as('admin'), 'Account', id)['Name']).toBe('Kept')
    expect([second.org.latestReplayId(), second.org.transactions().length]).toEqual([replayId, 1])
    expect(second.org.create(second.as('admin'), 'Account', { Name: 'Next' }) > id).toBe(true)
    second.org.reset((org) => org.load('Account', [{ Name: 'Seeded' }]))
    expect(second.rows('SELECT Name FROM Account').map((row) => row['Name'])).toEqual(['Seeded'])
    second.org.close()
  })
})
