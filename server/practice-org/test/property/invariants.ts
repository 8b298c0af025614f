// What must hold of an org after anything anybody did to it.
import { expect } from 'vitest'
import { codeOf, type House } from '../support/engine-harness.ts'
import type { Made } from './actions.ts'

const LOOKUPS: Record<string, string[]> = {
  Account: ['ParentId', 'OwnerId'],
  Contact: ['AccountId', 'OwnerId', 'ReportsToId'],
  Opportunity: ['AccountId', 'OwnerId', 'ContactId'],
  Task: ['WhatId', 'WhoId', 'AccountId', 'OwnerId'],
  Lead: ['OwnerId', 'ConvertedAccountId', 'ConvertedContactId', 'ConvertedOpportunityId'],
  Case: ['AccountId', 'ContactId', 'ParentId', 'OwnerId'],
  AccountContactRelation: ['AccountId', 'ContactId'],
  OpportunityContactRole: ['OpportunityId', 'ContactId'],
  AccountShare: ['AccountId'],
}
const OBJECTS = Object.keys(LOOKUPS)
/** What a new org brings of its own, and rows that only follow from others. */
const UNCOUNTED = new Set(['AccountContactRelation', 'OpportunityContactRole', 'AccountShare'])
type Row = Record<string, unknown>

const all = ({ org, as }: House, soql: string): Row[] => org.query(as('admin'), soql, { all: true }).records

function everything(house: House): Record<string, Row[]> {
  const of = (object: string) => all(house, `SELECT Id, IsDeleted, ${LOOKUPS[object]!.join(', ')} FROM ${object}`)
  return Object.fromEntries(OBJECTS.map((object) => [object, of(object)]))
}

/** Every live record points at live records only, and none that was ever made is gone from the org. */
export function noOrphans(house: House, made: Made): void {
  const rows = everything(house)
  const live = new Set(
    OBJECTS.flatMap((object) => rows[object]!.filter((row) => !row['IsDeleted']).map((row) => row['Id'])),
  )
  for (const object of OBJECTS) {
    for (const row of rows[object]!.filter((each) => !each['IsDeleted'])) {
      for (const field of LOOKUPS[object]!.filter((each) => each !== 'OwnerId')) {
        if (row[field] !== null) expect(live.has(row[field]), `${object}.${field} of ${String(row['Id'])}`).toBe(true)
      }
    }
    if (UNCOUNTED.has(object)) continue
    const kept = new Set(rows[object]!.map((row) => row['Id']))
    for (const id of made[object as keyof Made]) expect(kept.has(id), `${object} ${id} is lost`).toBe(true)
  }
}

/** A contact has one direct relation, to its account, and at most one relation with any account. */
export function relationsAgree(house: House): void {
  const contacts = all(house, 'SELECT Id, AccountId FROM Contact WHERE IsDeleted = false')
  const relations = all(
    house,
    'SELECT ContactId, AccountId, IsDirect FROM AccountContactRelation WHERE IsDeleted = false',
  )
  for (const { Id, AccountId } of contacts) {
    const own = relations.filter((row) => row['ContactId'] === Id)
    const direct = own.filter((row) => row['IsDirect']).map((row) => row['AccountId'])
    expect(direct, `direct relations of ${String(Id)}`).toEqual(AccountId === null ? [] : [AccountId])
    expect(new Set(own.map((row) => row['AccountId'])).size).toBe(own.length)
  }
}

const NAMED = [
  ['Name', 'Name'],
  ['ParentId', 'Parent'],
  ['OwnerId', 'Owner'],
] as const
/** Tracked fields with the name under which history tells of them; of a lookup the rows come in twos. */
const TRACKED: Record<string, { history: string; fields: readonly (readonly [string, string])[] }> = {
  Account: { history: 'AccountHistory', fields: [...NAMED, ['AnnualRevenue', 'AnnualRevenue']] },
  Contact: {
    history: 'ContactHistory',
    fields: [
      ['LastName', 'LastName'],
      ['AccountId', 'Account'],
    ],
  },
  Opportunity: {
    history: 'OpportunityFieldHistory',
    fields: [
      ['Amount', 'Amount'],
      ['StageName', 'StageName'],
      ['AccountId', 'Account'],
    ],
  },
  Case: {
    history: 'CaseHistory',
    fields: [
      ['AccountId', 'Account'],
      ['ContactId', 'Contact'],
    ],
  },
  Lead: { history: 'LeadHistory', fields: [['Status', 'Status']] },
}

/** Each tracked field's history is a chain without gaps whose end is the value the record has now. */
export function historyIsComplete(house: House): void {
  for (const [object, { history, fields }] of Object.entries(TRACKED)) {
    const rows = all(house, `SELECT ${object}Id, Field, OldValue, NewValue FROM ${history}`)
    for (const record of all(house, `SELECT Id, ${fields.map(([field]) => field).join(', ')} FROM ${object}`)) {
      const own = rows.filter((row) => row[`${object}Id`] === record['Id'])
      for (const [field, title] of fields) {
        const entries = own.filter((row) => row['Field'] === title)
        const chain = field === title ? entries : entries.filter((_, i) => i % 2 === 1)
        const where = `${object} ${title} of ${String(record['Id'])}`
        for (const [i, entry] of chain.entries()) {
          if (i > 0) expect(entry['OldValue'], where).toBe(chain[i - 1]!['NewValue'])
        }
        const now = record[field] ?? null
        if (chain.length > 0) expect(chain.at(-1)!['NewValue'], where).toBe(now === null ? null : String(now))
      }
    }
  }
  const stages = all(house, 'SELECT OpportunityId, Amount, StageName FROM OpportunityHistory')
  for (const { Id, Amount, StageName } of all(house, 'SELECT Id, Amount, StageName FROM Opportunity')) {
    const last = stages.filter((row) => row['OpportunityId'] === Id).at(-1)
    expect(last, `way of ${String(Id)}`).toMatchObject({ Amount, StageName })
  }
}

/** Whoever plays the change events over an empty table has what the org has. */
export function eventsTellAll(house: House): void {
  const copies = new Map<string, Row>()
  for (const { header, fields } of house.org.eventsAfter('AccountChangeEvent', 0, 100_000)) {
    for (const id of header.recordIds) {
      if (header.changeType === 'DELETE') copies.delete(id)
      else copies.set(id, { ...(header.changeType === 'UPDATE' ? copies.get(id) : {}), ...fields })
    }
  }
  const live = house.rows('SELECT Id, Name, ParentId, OwnerId FROM Account')
  const shown = (row: Row) => NAMED.map(([field]) => row[field] ?? null)
  expect(new Map([...copies].map(([id, row]) => [id, shown(row)]))).toEqual(
    new Map(live.map((row) => [String(row['Id']), shown(row)])),
  )
}

/** Fields that field-level security keeps from sellers. */
const HIDDEN = [
  ['Account', 'AnnualRevenue', 'AccountHistory'],
  ['Opportunity', 'Amount', 'OpportunityFieldHistory'],
] as const

/** A seller meets exactly the records that are shared with him and no hidden field, whichever door he tries. */
export function nothingHiddenIsShown(house: House): void {
  const rep = house.as('rep')
  for (const object of OBJECTS) {
    const seen = new Set(house.rows(`SELECT Id FROM ${object}`, 'rep').map((row) => String(row['Id'])))
    const binned = house.org.query(rep, `SELECT Id FROM ${object} WHERE IsDeleted = true`, { all: true }).records
    for (const { Id } of house.rows(`SELECT Id FROM ${object}`)) {
      const { read } = house.org.recordAccess(rep.userId, String(Id))
      expect(seen.has(String(Id)), `${object} ${String(Id)}`).toBe(read)
      expect(codeOf(() => house.org.retrieve(rep, object, String(Id)))).toBe(read ? 'none' : 'NOT_FOUND')
      expect(binned.some((row) => row['Id'] === Id)).toBe(false)
    }
  }
  const found = house.org.search(rep, 'FIND {Acme OR Globex OR Initech} RETURNING Account(Id), Contact(Id), Lead(Id)')
  for (const row of found) expect(house.org.recordAccess(rep.userId, String(row['Id'])).read).toBe(true)
  const names = house.rows('SELECT Id, Account.Name, AccountId FROM Contact', 'rep')
  const mine = new Set(house.rows('SELECT Id FROM Account', 'rep').map((row) => row['Id']))
  for (const row of names) if (!mine.has(row['AccountId'])) expect(row['Account']).toBeNull()
  for (const [object, field, history] of HIDDEN) {
    expect(codeOf(() => house.rows(`SELECT ${field} FROM ${object}`, 'rep'))).toBe('INVALID_FIELD')
    expect(codeOf(() => house.rows(`SELECT Id FROM ${object} WHERE ${field} = 1`, 'rep'))).toBe('INVALID_FIELD')
    expect(codeOf(() => house.rows(`SELECT Id FROM ${object} ORDER BY ${field}`, 'rep'))).toBe('INVALID_FIELD')
    expect(JSON.stringify(house.org.describe(rep, object))).not.toContain(`"name":"${field}"`)
    expect(house.rows(`SELECT Id FROM ${history} WHERE Field = '${field}'`, 'rep')).toEqual([])
    const [row] = house.rows(`SELECT Id FROM ${object} LIMIT 1`, 'rep')
    if (row) expect(Object.keys(house.org.retrieve(rep, object, String(row['Id'])))).not.toContain(field)
  }
}
