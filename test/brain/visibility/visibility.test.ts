import { describe, expect, it } from 'vitest'
import { alsoSeeing, createVisibility } from '../../../server/brain/visibility/visibility.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { grantHash } from '../../../server/contract/grant.ts'
import type { ToolInput, ToolOutput } from '../../../server/contract/tools.ts'
import { CORP, INC, USERS } from '../decisions/acme.ts'
import { unavailable } from '../decisions/fake-salesforce.ts'
import { HandClock } from '../decisions/world.ts'
import { grant } from '../../salesforce-mcp/signing.ts'

type Asked = ToolInput<'checkVisibility'>

const activatedGrants = () => Promise.resolve([{ hash: grantHash(grant), grant }])

function watched(answer: (input: Asked) => ToolOutput<'checkVisibility'>) {
  const asked: (Asked & { runId: string | null })[] = []
  const call = (_tool: string, input: unknown, { runId }: { runId: string | null }) => {
    asked.push({ ...(input as Asked), runId })
    return Promise.resolve().then(() => answer(input as Asked))
  }
  const clock = new HandClock()
  const salesforce = { call } as unknown as Salesforce
  return { asked, clock, visibility: createVisibility({ salesforce, clock, store: { activatedGrants } }) }
}

const all = ({ recordIds, fields }: Asked) => ({
  records: Object.fromEntries(recordIds.map((id) => [id, true])),
  fields: Object.fromEntries(fields.map((name) => [name, true])),
  unknown: [],
  calls: 1,
})

describe('what a user may see', () => {
  it('is what the org answers; what it does not answer, or was not asked, is hidden', async () => {
    const { visibility } = watched(() => ({
      records: { [CORP]: true, [INC]: false },
      fields: {},
      unknown: [],
      calls: 1,
    }))
    const access = await visibility.readAccessOf(USERS.rep, { records: [CORP, INC], fields: ['Account.Phone'] })
    expect([
      access.record(CORP),
      access.record(INC),
      access.field('Account.Phone'),
      access.field('Account.Fax'),
    ]).toEqual([true, false, false, false])
  })

  it('is asked once in five minutes, for each user, outside of any run', async () => {
    const { visibility, asked, clock } = watched(all)
    const wanted = { records: [CORP], fields: ['Account.Phone'] }
    await Promise.all([visibility.readAccessOf(USERS.rep, wanted), visibility.readAccessOf(USERS.rep, wanted)])
    clock.pass(299)
    await visibility.readAccessOf(USERS.rep, wanted)
    expect(asked).toHaveLength(1)
    await visibility.readAccessOf(USERS.admin, wanted)
    expect(asked).toHaveLength(2)
    clock.pass(2)
    await visibility.readAccessOf(USERS.rep, wanted)
    expect(asked).toHaveLength(3)
    expect(asked.every(({ runId }) => runId === null)).toBe(true)
  })

  it('is asked in calls of at most 200 records and 400 fields', async () => {
    const { visibility, asked } = watched(all)
    const records = Array.from({ length: 450 }, (_, n) => `001${n}`)
    const access = await visibility.readAccessOf(USERS.rep, { records, fields: ['Account.Phone'] })
    expect(asked.map(({ recordIds }) => recordIds.length)).toEqual([200, 200, 50])
    expect(records.every((id) => access.record(id))).toBe(true)
  })

  it('is an error, and asked again next time, while the org cannot answer', async () => {
    let down = true
    const { visibility, asked } = watched((input) => {
      if (down) throw unavailable('checkVisibility')
      return all(input)
    })
    const wanted = { records: [CORP], fields: [] }
    await expect(visibility.readAccessOf(USERS.rep, wanted)).rejects.toMatchObject({ code: 'salesforce' })
    down = false
    expect((await visibility.readAccessOf(USERS.rep, wanted)).record(CORP)).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it('includes the names of users and queues without asking', async () => {
    const { visibility, asked } = watched(all)
    const access = await visibility.readAccessOf(USERS.rep, { records: [USERS.admin], fields: [] })
    expect(access.record(USERS.admin)).toBe(true)
    expect(asked).toEqual([])
  })

  it('can be widened by records somebody ended', async () => {
    const { visibility } = watched(() => ({ records: {}, fields: {}, unknown: [], calls: 1 }))
    const access = await visibility.readAccessOf(USERS.rep, { records: [INC], fields: [] })
    expect([access.record(INC), alsoSeeing(access, new Set([INC])).record(INC)]).toEqual([false, true])
  })
})
