import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { codeOf, type House, openHouse } from '../support/engine-harness.ts'

let folder = ''
let house: House
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indexes-'))
  house = openHouse(join(folder, 'org.sqlite'))
})
afterEach(() => {
  house.org.close()
  rmSync(folder, { recursive: true, force: true })
})

const indexesOf = (table: string): string[] =>
  house.org.tables
    .select("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", [table])
    .map(([name]) => String(name))
const make = () => house.org.create(house.as('admin'), 'Asset', { Name: 'Pump', AccountId: account() })
const account = () => house.org.create(house.as('admin'), 'Account', { Name: 'Acme' })

it('a table gets its indexes with its first row', () => {
  const before = indexesOf('Asset')
  make()
  expect(before).toEqual([])
  expect(indexesOf('Asset')).toEqual(expect.arrayContaining(['Asset_AccountId', 'Asset_Name', 'Asset_live']))
})

it('a table whose first row was taken back gets them with the next', () => {
  const admin = house.as('admin')
  const refused = () =>
    house.org.transaction(admin, () => {
      make()
      house.org.create(admin, 'Account', {})
    })
  expect(codeOf(refused)).toBe('REQUIRED_FIELD_MISSING')
  expect(indexesOf('Asset')).toEqual([])
  make()
  expect(indexesOf('Asset')).toContain('Asset_AccountId')
})

it('every lookup by which records hang on others is indexed, as deleting and merging want it', () => {
  make()
  expect(indexesOf('Account')).toContain('Account_ParentId')
  expect(indexesOf('Asset')).toEqual(expect.arrayContaining(['Asset_AccountId', 'Asset_ContactId', 'Asset_OwnerId']))
  expect(indexesOf('Asset')).not.toContain('Asset_CreatedById')
})

it('an org that was kept gets the indexes it lacks when it is opened', () => {
  make()
  house.org.tables.run('DROP INDEX "Asset_AccountId"')
  house.org.close()
  house = openHouse(join(folder, 'org.sqlite'))
  expect(indexesOf('Asset')).toContain('Asset_AccountId')
})

it('many rows that are loaded leave the file with a log again, and all they need', () => {
  const AccountId = account()
  house.org.loading(1_000_000, () => house.org.load('Asset', [{ Name: 'Valve', AccountId }]))
  expect(indexesOf('Asset')).toContain('Asset_AccountId')
  expect(house.org.tables.select('PRAGMA journal_mode')).toEqual([['wal']])
})
