// When an approved change may be written: windows and days of rest in a zone, over the two days of the year on which clocks jump.
import { describe, expect, it } from 'vitest'
import { faultsOf, isOpen, nextOpen, type CommitTimes } from '../../server/contract/commit-times/commit-times.ts'
import { writableFrom, writableUntil } from '../../server/contract/commit-times/due.ts'
import { localTime } from '../../server/contract/commit-times/local-time.ts'

const BERLIN = 'Europe/Berlin'
const NIGHTS: CommitTimes = { windows: ['Mon-Fri 18:00-06:00'], zone: BERLIN }
const iso = (text: string) => `${text}:00.000Z`

describe('a window of nights on working days in Berlin', () => {
  it.each([
    ['Monday at noon waits until 18:00, an hour ahead of UTC', '2026-11-30T11:00', '2026-11-30T17:00'],
    ['Monday at 18:00 is open', '2026-11-30T17:00', '2026-11-30T17:00'],
    ['Tuesday at 05:59 is open', '2026-12-01T04:59', '2026-12-01T04:59'],
    ['Tuesday at 06:00 waits until the evening', '2026-12-01T05:00', '2026-12-01T17:00'],
    ['Saturday at 05:00 belongs to Friday', '2026-12-05T04:00', '2026-12-05T04:00'],
    ['Saturday at 06:00 waits until Monday', '2026-12-05T05:00', '2026-12-07T17:00'],
    ['Monday at 03:00 belongs to no window', '2026-12-07T02:00', '2026-12-07T17:00'],
    ['in summer 18:00 is two hours ahead of UTC', '2026-07-01T12:00', '2026-07-01T16:00'],
    ['over the Sunday on which clocks go back', '2026-10-24T05:00', '2026-10-26T17:00'],
    ['over the Sunday on which clocks go on', '2026-03-28T06:00', '2026-03-30T16:00'],
  ])('%s', (_title, at, expected) => {
    expect(nextOpen(NIGHTS, iso(at), localTime)).toBe(iso(expected))
  })
})

describe('a window within the hour that a zone leaves out or has twice', () => {
  const early: CommitTimes = { windows: ['Sun 02:30-02:45'], zone: BERLIN }
  it('does not open on the day that leaves it out', () => {
    expect(nextOpen(early, iso('2026-03-28T12:00'), localTime)).toBe(iso('2026-04-05T00:30'))
  })
  it('opens twice on the day that has it twice', () => {
    expect(nextOpen(early, iso('2026-10-24T12:00'), localTime)).toBe(iso('2026-10-25T00:30'))
    expect(isOpen(early, iso('2026-10-25T00:50'), localTime)).toBe(false)
    expect(isOpen(early, iso('2026-10-25T01:35'), localTime)).toBe(true)
  })
  it('begins with the jump when it begins in the hour left out and lasts beyond it', () => {
    const longer: CommitTimes = { windows: ['Sun 02:30-05:00'], zone: BERLIN }
    expect(nextOpen(longer, iso('2026-03-28T12:00'), localTime)).toBe(iso('2026-03-29T01:30'))
    expect(isOpen(longer, iso('2026-03-29T01:00'), localTime)).toBe(true)
  })
  it('is an hour shorter or longer when it goes over the jump', () => {
    const night: CommitTimes = { windows: ['Sat 23:00-04:00'], zone: BERLIN }
    const minutes = (from: string) =>
      Array.from({ length: 36 * 60 }, (_, n) => new Date(Date.parse(from) + n * 60_000).toISOString()).filter((at) =>
        isOpen(night, at, localTime),
      ).length
    expect(minutes('2026-03-28T12:00:00.000Z')).toBe(4 * 60)
    expect(minutes('2026-10-24T12:00:00.000Z')).toBe(6 * 60)
  })
})

describe('days of rest', () => {
  const rest: CommitTimes = { ...NIGHTS, freeze: ['2026-12-28/2027-01-04'] }
  it.each([
    [
      'a write of the first day waits until midnight after the last one, when a night is under way',
      '2026-12-28T20:00',
      '2027-01-04T23:00',
    ],
    ['a night before them is open', '2026-12-25T23:30', '2026-12-25T23:30'],
    ['after the last day, the night goes on', '2027-01-04T23:30', '2027-01-04T23:30'],
  ])('%s', (_title, at, expected) => {
    expect(nextOpen(rest, iso(at), localTime)).toBe(iso(expected))
  })
  it('without windows every other time is open', () => {
    const { windows: _, ...always } = rest
    expect(nextOpen(always, iso('2026-12-30T12:00'), localTime)).toBe(iso('2027-01-04T23:00'))
  })
  it('one after the other are left together', () => {
    const two = { freeze: ['2026-12-28/2027-01-04', '2027-01-05/2027-01-06'], zone: 'UTC' }
    expect(nextOpen(two, iso('2026-12-30T12:00'), localTime)).toBe(iso('2027-01-07T00:00'))
  })
})

describe('zones', () => {
  it.each([
    ['Asia/Kolkata', '2026-11-30T12:00', '2026-11-30T12:30'],
    ['America/New_York', '2026-11-30T12:00', '2026-11-30T23:00'],
    ['Pacific/Auckland', '2026-11-30T12:00', '2026-11-30T12:00'],
    ['UTC', '2026-11-30T12:00', '2026-11-30T18:00'],
  ])('the window of %s', (zone, at, expected) => {
    expect(nextOpen({ ...NIGHTS, zone }, iso(at), localTime)).toBe(iso(expected))
  })
  it('one that does not exist is never open', () => {
    expect(nextOpen({ ...NIGHTS, zone: 'Europe/Atlantis' }, iso('2026-11-30T20:00'), localTime)).toBeNull()
  })
})

it('whatever the time, what comes next is open, and nothing before it is', () => {
  const many: CommitTimes[] = [
    NIGHTS,
    { windows: ['Fri-Mon 22:15-01:05', 'Wed 12:00-12:30'], freeze: ['2026-10-25/2026-10-25'], zone: BERLIN },
    { windows: ['Sat, Sun 00:00-24:00'], zone: 'America/New_York' },
  ]
  for (const times of many)
    for (let n = 0; n < 60; n += 1) {
      const at = new Date(Date.parse('2026-10-20T00:00:00.000Z') + n * 7_547_000).toISOString()
      const next = nextOpen(times, at, localTime) ?? ''
      expect(isOpen(times, next, localTime)).toBe(true)
      for (let before = Date.parse(at); before < Date.parse(next); before += 300_000)
        expect(isOpen(times, new Date(before).toISOString(), localTime)).toBe(false)
    }
})

describe('faults', () => {
  it.each([
    [{ windows: ['Mon 18:00-18:00'], zone: 'UTC' }, 'opens for no time'],
    [{ windows: ['Mon 18:00-24:30'], zone: 'UTC' }, 'a day ends at 24:00'],
    [{ freeze: ['2026-02-30/2026-03-01'], zone: 'UTC' }, 'does not exist'],
    [{ freeze: ['2026-03-02/2026-03-01'], zone: 'UTC' }, 'ends before it begins'],
    [{ windows: ['Mon 18:00-19:00'], zone: 'Berlin' }, 'no time zone is called Berlin'],
  ])('%j', (times, message) => {
    expect(faultsOf(times, localTime)[0]?.message).toContain(message)
  })
})

describe('an approved change that waits', () => {
  it('for its day, and then for its window', () => {
    const notBefore = iso('2026-12-05T06:00')
    expect(writableFrom({ times: NIGHTS, notBefore }, iso('2026-11-30T20:00'), localTime)).toBe(iso('2026-12-07T17:00'))
    expect(writableFrom({ notBefore }, iso('2026-12-06T20:00'), localTime)).toBe(iso('2026-12-06T20:00'))
  })
  it('outlives its expiry by a day from then, and never without a wait', () => {
    const rest: CommitTimes = { freeze: ['2026-12-28/2027-01-04'], zone: 'UTC' }
    const [expires, approved] = [iso('2026-12-30T00:00'), iso('2026-12-29T00:00')]
    expect(writableUntil({ times: rest }, expires, approved, localTime)).toBe(iso('2027-01-06T00:00'))
    expect(writableUntil({}, expires, approved, localTime)).toBe(expires)
  })
})
