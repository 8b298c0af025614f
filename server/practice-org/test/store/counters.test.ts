import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { codeOf, type House, openHouse } from '../support/engine-harness.ts'

let house: House
beforeEach(() => {
  house = openHouse()
})

const shipment = (key: string, { org, as } = house): string => org.create(as('writer'), 'Shipment__c', { Key__c: key })
const names = ({ rows } = house): unknown[] =>
  rows('SELECT Name FROM Shipment__c ORDER BY Id').map((row) => row['Name'])
/** How many ids lie between two of one object. */
const apart = (one: string, other: string): number => {
  const number = (id: string): number =>
    [...id.slice(9, 15)].reduce((sum, digit) => sum * 62 + DIGITS.indexOf(digit), 0)
  return number(other) - number(one)
}
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('ids and numbers', () => {
  it('that a refused row had taken go to the next one', () => {
    const writer = house.as('writer')
    const ids = house.org.transaction(writer, () => {
      const first = shipment('a')
      expect(codeOf(() => shipment('a'))).toBe('DUPLICATE_VALUE')
      return [first, shipment('b'), shipment('c')] as const
    })
    expect([apart(ids[0], ids[1]), apart(ids[1], ids[2])]).toEqual([1, 1])
    expect(names()).toEqual(['SH-000001', 'SH-000002', 'SH-000003'])
  })

  it('that a transaction had taken are free again when it is rolled back', () => {
    const before = shipment('a')
    const replayId = house.org.latestReplayId()
    expect(() =>
      house.org.transaction(house.as('writer'), () => {
        shipment('b')
        shipment('c')
        throw new Error('the client went away')
      }),
    ).toThrow('the client went away')
    expect(house.org.latestReplayId()).toBe(replayId)
    expect(apart(before, shipment('d'))).toBe(1)
    expect(names()).toEqual(['SH-000001', 'SH-000002'])
  })

  it('that loading had taken are free again when it fails', () => {
    const [before] = house.org.load('Account', [{ Name: 'One' }])
    expect(() =>
      house.org.loading(2, () => {
        house.org.load('Account', [{ Name: 'Two' }, { Name: 'Three' }])
        throw new Error('no more rows')
      }),
    ).toThrow('no more rows')
    const [after] = house.org.load('Account', [{ Name: 'Four' }])
    expect(apart(before!, after!)).toBe(1)
  })

  it('go on where they were when the org is opened again, also after many in one transaction', () => {
    const dir = mkdtempSync(join(tmpdir(), 'practice-counters-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const one = openHouse(join(dir, 'org.sqlite'))
    const ids = one.org.transaction(one.as('writer'), () => [
      shipment('a', one),
      shipment('b', one),
      shipment('c', one),
    ])
    const replayId = one.org.latestReplayId()
    one.org.close()
    const other = openHouse(join(dir, 'org.sqlite'))
    onTestFinished(() => other.org.close())
    expect(apart(ids[2]!, shipment('d', other))).toBe(1)
    expect(names(other)).toEqual(['SH-000001', 'SH-000002', 'SH-000003', 'SH-000004'])
    expect(other.org.latestReplayId()).toBeGreaterThanOrEqual(replayId)
  })
})
