// Triggers as a mission file states them: what is refused, with the line and what to write instead; and when a schedule is due.
import { describe, expect, it } from 'vitest'
import { InvalidInput } from '../../../server/brain/domain/errors.ts'
import type { MissionDefinition } from '../../../server/brain/domain/mission.ts'
import { parseMission } from '../../../server/brain/missions/definition.ts'
import { grantOf } from '../../../server/brain/missions/grant.ts'
import { latestTick } from '../../../server/brain/missions/language/schedule.ts'
import { explainMission } from '../../../server/brain/missions/explain/explain-mission.ts'

const READ = 'lead: { object: Lead, id: trigger.recordId, fields: [Name, Status, Rating] }'
const fileWith = (trigger: string, read = READ) => `mission: lead-look
title: Look at leads
description: Sets the rating of a lead.
trigger:
  - ${trigger}
read:
  ${read}
knowledge: []
propose:
  - update: { record: lead, set: { Rating: lead.Name + lead.Status } }
gate:
  - { otherwise: true, needs: 1, from: permission:Decide_Missions }
limits: { records: 5, perDay: 100, apiCalls: 6, minutes: 5 }
`

function parsed(trigger: string, read?: string): MissionDefinition {
  return parseMission(fileWith(trigger, read), 'm.yaml', () => null)
}

function issuesOf(trigger: string, read?: string): string[] {
  try {
    parsed(trigger, read)
    return []
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return error.issues.map(({ path, message }) => `${path} ${message}`)
  }
}

const grantFor = (trigger: string) =>
  grantOf({ definition: parsed(trigger), source: fileWith(trigger), usersNamed: false }, 1, {})
const startOf = (trigger: string) => {
  const lines = explainMission({ definition: parsed(trigger), version: 1, grantHash: '' }, {})
  return lines[lines.indexOf('Starts') + 1]?.trim()
}

const OPEN = `schedule: "0 7 * * 1-5", zone: Europe/Berlin, each: { object: Lead, where: "Status = 'Open' AND Owner.Name != null" }`

describe('a trigger', () => {
  it.each([
    [
      '{ change: Lead.updated, fields: [Company, Email] }',
      'as soon as a Lead is updated, where Company or Email changed',
    ],
    ['{ event: Mission_Request__e }', 'when a Mission_Request__e asks for it by name'],
    [`{ ${OPEN} }`, "at “0 7 * * 1-5” in Europe/Berlin, for each Lead where Status = 'Open' AND Owner.Name != null"],
    ['{ poll: Lead, every: 5m, by: SystemModstamp }', 'every 5m, for each Lead that was created or changed since'],
    [
      '{ poll: Lead, every: 1h, deleted: true }',
      'every 1h, for each Lead that was created or changed, or deleted, since',
    ],
    [
      '{ schedule: "*/15 8-17 * JAN-NOV mon-fri", zone: Etc/GMT+1, each: { object: Lead } }',
      'at “*/15 8-17 * JAN-NOV mon-fri” in Etc/GMT+1, for each Lead',
    ],
    ['{ api: { object: Lead } }', 'when a person or a program launches it on one Lead'],
  ])('%s is read, and explained', (trigger, sentence) => {
    expect(issuesOf(trigger)).toEqual([])
    expect(startOf(trigger)).toBe(sentence)
  })

  it('reads the fields that it tells its records apart by, and grants them', () => {
    expect(grantFor('{ change: Lead.updated, fields: [Company] }').reads).toMatchObject({
      Lead: ['Company', 'Rating', 'Status'],
    })
    expect(grantFor(`{ ${OPEN} }`).reads).toEqual({ Lead: ['OwnerId', 'Rating', 'Status'], User: [] })
  })

  it.each([
    [
      '{ change: Lead.created, fields: [Company] }',
      'only an update has changed fields: write Lead.updated, or leave `fields` out',
    ],
    ['{ change: Lead.updated, fields: [] }', 'name the fields, or leave `fields` out'],
    [
      '{ change: Account.updated }',
      'each run starts from a record of Lead, and finds nothing to do with one of Account; write Lead',
    ],
    ['{ event: Mission_Request }', 'the API name of a platform event, e.g. Mission_Request__e'],
    ['{ schedule: "0 7 * * 1-5", each: { object: Lead } }', 'name the time zone, e.g. `zone: Europe/Berlin`'],
    [
      '{ schedule: "0 7 * * *", zone: Berlin, each: { object: Lead } }',
      '“Berlin” is no time zone; write one such as Europe/Berlin or UTC',
    ],
    [
      '{ schedule: "@daily", zone: UTC, each: { object: Lead } }',
      'five parts: minute, hour, day, month, day of the week, e.g. “0 7 * * 1-5”',
    ],
    [
      '{ schedule: "0 0 7 * * *", zone: UTC, each: { object: Lead } }',
      'five parts: minute, hour, day, month, day of the week, e.g. “0 7 * * 1-5”',
    ],
    [
      '{ schedule: "0 7 L * *", zone: UTC, each: { object: Lead } }',
      'five parts: minute, hour, day, month, day of the week, e.g. “0 7 * * 1-5”',
    ],
    [
      '{ schedule: "61 7 * * *", zone: UTC, each: { object: Lead } }',
      'Invalid value for minute: 61; write e.g. “0 7 * * 1-5”',
    ],
    ['{ schedule: "0 7 30 2 *", zone: UTC, each: { object: Lead } }', 'this day never comes'],
    [
      '{ schedule: "* * * * *", zone: UTC, each: { object: Lead } }',
      'at most every five minutes, e.g. “*/5 * * * *”; for less, wait for a change',
    ],
    [
      '{ schedule: "0,2 7 * * *", zone: UTC, each: { object: Lead } }',
      'at most every five minutes, e.g. “*/5 * * * *”; for less, wait for a change',
    ],
    [
      '{ schedule: "0 7 * * *", zone: UTC }',
      'each run starts from a record of Lead: name the records, e.g. each: { object: Lead, where: "…" }',
    ],
    [
      '{ schedule: "0 7 * * *", zone: UTC, each: { object: Case } }',
      'each run starts from a record of Lead, and finds nothing to do with one of Case; write Lead',
    ],
    [
      '{ poll: Account, every: 5m }',
      'each run starts from a record of Lead, and finds nothing to do with one of Account; write Lead',
    ],
    ['{ poll: Lead, every: 30s }', 'e.g. 5m, 1h'],
    ['{ poll: Lead, every: 5m, by: CreatedDate }', 'only SystemModstamp: it is set with every change'],
    [
      '{ api: { object: Account } }',
      'each run starts from a record of Lead, and finds nothing to do with one of Account; write Lead',
    ],
    ['{ cron: "0 7 * * *" }', 'unknown key “cron”'],
  ])('%s is refused', (trigger, message) => {
    const issues = issuesOf(trigger)
    expect(
      issues.some((issue) => issue.endsWith(message)),
      issues.join('\n'),
    ).toBe(true)
    expect(issues.every((issue) => issue.startsWith('m.yaml:5:'))).toBe(true)
  })

  it.each([
    ["Status = 'Open' LIMIT 5", 'a condition alone, without ORDER BY, LIMIT or other clauses'],
    ["Status = 'Open' ORDER BY Name", 'a condition alone, without ORDER BY, LIMIT or other clauses'],
    ['Id IN (SELECT WhoId FROM Task)', 'a query within the condition is not possible'],
    ['Status = :wanted', 'write e.g. Status = '],
    ["DISTANCE(Address, GEOLOCATION(1,2), 'mi') < 20", 'functions are not possible here; compare a field'],
    ['CALENDAR_YEAR(CreatedDate) = 2026', 'functions are not possible here; compare a field'],
    ["Id != null) OR (Name != 'x'", 'write e.g. Status = '],
    ['AnnualRevenue > USD500', "compare AnnualRevenue with a plain value, such as 'Open', 500, true, null or TODAY"],
    ['Owner.Profile.Name != null', 'is no field of the record or of a parent such as Owner.Name'],
    ['Status =', 'write e.g. Status = '],
    ["Status = 'Open' FOR UPDATE", 'a condition alone'],
  ])('refuses the condition %s of a schedule’s records', (where, message) => {
    const each = `{ object: Lead, where: ${JSON.stringify(where)} }`
    const issues = issuesOf(`{ schedule: "0 7 * * *", zone: UTC, each: ${each} }`)
    expect(issues).toHaveLength(1)
    expect(issues[0]).toContain(message)
  })

  it('is refused when the org would be watched for the same change twice', () => {
    const both = '{ poll: Lead, every: 5m }\n  - { change: Lead.updated }'
    expect(issuesOf(both)[0]).toContain('changes of Lead are waited for already')
    expect(issuesOf('{ poll: Lead, every: 5m }\n  - { poll: Lead, every: 1h }')[0]).toContain('Lead is polled twice')
  })

  it('about no record fits a mission that starts from none alone', () => {
    const read = `lead: { object: Lead, id: "'00Q000000000001AAA'", fields: [Name, Status, Rating] }`
    expect(issuesOf('{ schedule: "0 7 * * *", zone: UTC }', read)).toEqual([])
    expect(issuesOf('{ schedule: "0 7 * * *", zone: UTC, each: { object: Lead } }', read)[0]).toContain(
      'give one `id: trigger.recordId`',
    )
    expect(issuesOf('{ event: Mission_Request__e }', read)[0]).toContain('give one `id: trigger.recordId`')
  })
})

/** Every tick in a stretch of time, as the product finds them: by what is the latest one, again and again. */
function ticks(schedule: string, zone: string, from: string, to: string): string[] {
  const found: string[] = []
  for (let now = to; ;) {
    const tick = latestTick({ schedule, zone }, from, now)
    if (tick === null) return found.reverse()
    found.push(tick.slice(5, 16))
    now = new Date(Date.parse(tick) - 1).toISOString()
  }
}

describe('a schedule', () => {
  it.each([
    [
      'a spring night in Berlin: the hour that is skipped counts as the jump',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T00:00',
      '2026-03-31T00:00',
      ['03-28T01:30', '03-29T01:00', '03-30T00:30'],
    ],
    [
      'an autumn night in Berlin: a fixed hour that comes twice counts once',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T00:00',
      '2026-10-27T00:00',
      ['10-24T00:30', '10-25T00:30', '10-26T01:30'],
    ],
    [
      'every half an hour goes on through spring',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:10',
      '2026-03-29T02:10',
      ['03-29T00:30', '03-29T01:00', '03-29T01:30', '03-29T02:00'],
    ],
    [
      'every half an hour goes on through autumn',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:40',
      '2026-10-25T02:10',
      ['10-25T00:00', '10-25T00:30', '10-25T01:00', '10-25T01:30', '10-25T02:00'],
    ],
    [
      'a midnight that is skipped, in Santiago',
      '0 0 * * *',
      'America/Santiago',
      '2026-09-05T00:00',
      '2026-09-07T04:00',
      ['09-05T04:00', '09-06T04:00', '09-07T03:00'],
    ],
    [
      'half an hour of daylight saving, on Lord Howe',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00',
      '2026-10-05T00:00',
      ['10-03T15:30', '10-04T15:15'],
    ],
    [
      'working days at seven, over the change',
      '0 7 * * 1-5',
      'Europe/Berlin',
      '2026-03-27T00:00',
      '2026-03-31T00:00',
      ['03-27T06:00', '03-30T05:00'],
    ],
    [
      'a day that not every month has',
      '0 12 31 * *',
      'UTC',
      '2026-02-01T00:00',
      '2026-06-01T00:00',
      ['03-31T12:00', '05-31T12:00'],
    ],
    ['a leap day', '0 12 29 2 *', 'UTC', '2026-01-01T00:00', '2030-01-01T00:00', ['02-29T12:00']],
  ])('is due in %s', (_what, schedule, zone, from, to, due) => {
    expect(ticks(schedule, zone, `${from}:00.000Z`, `${to}:00.000Z`)).toEqual(due)
  })

  it('that an outage hid for a year is due once, at its latest time', () => {
    const times = { schedule: '*/5 * * * *', zone: 'UTC' }
    expect(latestTick(times, '2025-01-01T00:00:00.000Z', '2026-01-01T00:03:10.250Z')).toBe('2026-01-01T00:00:00.000Z')
    expect(latestTick(times, '2026-01-01T00:00:00.000Z', '2026-01-01T00:03:10.250Z')).toBeNull()
    expect(latestTick(times, '2026-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z')).toBeNull()
  })
})
