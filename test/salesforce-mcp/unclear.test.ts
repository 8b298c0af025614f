// Guarantee 3, once, and 4, never silently half: what a commit says when the org's answers are late, lost or odd.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callTool } from './calling.ts'
import { startToken } from './signing.ts'
import { openScriptedHouse } from './scripted-house.ts'
import {
  BORIS,
  merge,
  openMerging,
  owner,
  rowsOf,
  sealed,
  statuses,
  SURVIVOR,
  update,
  type Merging,
} from './scripted-merge.ts'

let house: Merging

beforeAll(async () => {
  house = await openMerging()
})
afterAll(() => house.close())
beforeEach(() => house.renew())

describe('when the answer to a write is lost', () => {
  it('finds the receipt and goes on', async () => {
    const set = sealed(update, owner)
    const now = { receipt: false }
    house.org.script = {
      query: rowsOf(set, now),
      write: () => {
        now.receipt = true
        return 'cut'
      },
    }
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written'])
    expect(result.transactions[0]?.receiptId).toBe('a00000000000001AAA')
    expect(house.org.writes).toHaveLength(2)
  })

  it.each([
    ['cut', 'cut' as const],
    ['a gateway’s page', { status: 502, type: 'text/html', text: '<html>Bad gateway</html>' }],
    [
      'a server error',
      { status: 503, type: 'application/json', text: '[{"errorCode":"SERVER_UNAVAILABLE","message":"x"}]' },
    ],
    ['half an answer', { status: 200, type: 'application/json', text: '{"compositeResponse":[{' }],
  ])('sends it once more when no receipt is there (%s), then says it does not know', async (_title, answer) => {
    const set = sealed(update, owner)
    house.org.script = { query: rowsOf(set), write: () => answer }
    expect(statuses(await house.commit(set))).toEqual(['composite unknown', 'owners notSent'])
    expect(house.org.writes).toHaveLength(2)
  })

  it('looks at the owner, and at the loser of a merge', async () => {
    const set = sealed(owner, merge)
    const now = { survivor: {}, loser: {} }
    house.org.script = {
      query: rowsOf(set, now),
      soap: (envelope) => {
        if (envelope.includes('<merge>')) now.loser = { IsDeleted: true, MasterRecordId: SURVIVOR }
        else now.survivor = { OwnerId: BORIS }
        return 'cut'
      },
    }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'owners written', 'merge written'])
    expect(house.org.writes).toHaveLength(3)
  })

  it('tries a locked row again when something stands already', async () => {
    const set = sealed(update, owner)
    const error = '<errors><message>locked</message><statusCode>UNABLE_TO_LOCK_ROW</statusCode></errors>'
    const answers = [error, error, '']
    house.org.script = {
      query: rowsOf(set),
      soap: () => {
        const errors = answers.shift() ?? ''
        return `<updateResponse><result>${errors}<success>${errors === ''}</success></result></updateResponse>`
      },
    }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'owners written'])
    expect(house.org.writes).toHaveLength(4)
  })

  it('stays in doubt when the second request is refused or stopped', async () => {
    const set = sealed(update, owner)
    const error = '<errors><message>no</message><statusCode>TRANSFER_REQUIRES_READ</statusCode></errors>'
    const refusal = `<updateResponse><result>${error}<success>false</success></result></updateResponse>`
    const answers = ['cut', refusal]
    house.org.script = { query: rowsOf(set), soap: () => answers.shift() ?? refusal }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'owners unknown'])
    house.org.script.soap = () => {
      house.mcp.stop('writes')
      return 'cut'
    }
    expect(statuses(await house.commit(sealed(update, owner)))).toEqual(['composite written', 'owners unknown'])
    await house.mcp.start(await startToken('005000000000001AAA'))
  })

  it('answers two who commit at once with one commit', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set) }
    const [one, two] = await Promise.all([house.commit(set), house.commit(set)])
    expect(one.transactions).toEqual(two.transactions)
    expect(house.org.writes).toHaveLength(3)
  })

  it('does not know about a merge whose loser is still there', async () => {
    const set = sealed(merge)
    house.org.script = { query: rowsOf(set), soap: () => 'cut' }
    expect(statuses(await house.commit(set))).toEqual(['composite written', 'merge unknown'])
  })
})

it('refuses an org that is another than the configured one', async () => {
  const other = await openScriptedHouse()
  other.org.script = { orgId: '00D000000000009EAA' }
  await expect(callTool(other.client, 'getUserInfo', {})).rejects.toThrow(/00D000000000009EAA, not/)
  await other.close()
})
