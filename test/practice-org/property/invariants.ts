// What must hold of an org after anything anybody did to it.
import { expect } from 'vitest'
import type { RecordJson } from '../../../server/practice-org/org.ts'
import type { House } from '../engine/house.ts'
import type { Made } from './actions.ts'

const LOOKUPS: Record<string, string[]> = {
  Account: ['ParentId', 'OwnerId'],
  Contact: ['AccountId', 'OwnerId', 'ReportsToId'],
  Opportunity: ['AccountId', 'OwnerId'],
  Task: ['WhatId', 'WhoId', 'AccountId', 'OwnerId'],
  AccountContactRelation: ['AccountId', 'ContactId'],
}
const OBJECTS = Object.keys(LOOKUPS)
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
    if (object === 'AccountContactRelation') continue
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

const TRACKED = [
  ['Name', 'Name'],
  ['ParentId', 'Parent'],
  ['OwnerId', 'Owner'],
] as const

/** Each tracked field's history is a chain without gaps whose end is the value the account has now. */
export function historyIsComplete(house: House): void {
  const accounts = all(house, 'SELECT Id, Name, ParentId, OwnerId FROM Account')
  const history = all(house, 'SELECT AccountId, Field, OldValue, NewValue FROM AccountHistory')
  for (const account of accounts) {
    const own = history.filter((row) => row['AccountId'] === account['Id'])
    for (const [field, title] of TRACKED) {
      const entries = own.filter((row) => row['Field'] === title)
      // Of a lookup the rows come in twos, names first, ids second.
      const chain = field === 'Name' ? entries : entries.filter((_, i) => i % 2 === 1)
      if (chain.length === 0) continue
      const where = `${title} of ${String(account['Id'])}`
      for (const [i, entry] of chain.entries()) {
        if (i > 0) expect(entry['OldValue'], where).toBe(chain[i - 1]!['NewValue'])
      }
      expect(chain.at(-1)!['NewValue'], where).toBe(account[field])
    }
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
  const shown = (row: Row) => TRACKED.map(([field]) => row[field] ?? null)
  expect(new Map([...copies].map(([id, row]) => [id, shown(row)]))).toEqual(
    new Map(live.map((row) => [String(row['Id']), shown(row)])),
  )
}

/** A seller's queries give exactly the records that are shared with him, and no field that is hidden from him. */
export function nothingHiddenIsShown(house: House): void {
  const rep = house.as('rep')
  for (const object of OBJECTS) {
    const seen = new Set(house.rows(`SELECT Id FROM ${object}`, 'rep').map((row) => String(row['Id'])))
    for (const { Id } of house.rows(`SELECT Id FROM ${object}`)) {
      const { read } = house.org.recordAccess(rep.userId, String(Id))
      expect(seen.has(String(Id)), `${object} ${String(Id)}`).toBe(read)
    }
  }
  const names = house.rows('SELECT Id, Account.Name, AccountId FROM Contact', 'rep')
  const mine = new Set(house.rows('SELECT Id FROM Account', 'rep').map((row) => row['Id']))
  for (const row of names) if (!mine.has(row['AccountId'])) expect(row['Account']).toBeNull()
  const [account] = house.rows('SELECT Id FROM Account LIMIT 1', 'rep')
  if (!account) return
  const record: RecordJson = house.org.retrieve(rep, 'Account', String(account['Id']))
  expect(Object.keys(record)).not.toContain('AnnualRevenue')
}
