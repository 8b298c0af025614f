// Guarantee 3, once, and 4, never silently half: what a commit says when the org's answers are late, lost or odd.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../server/contract/change-set.ts'
import { receiptKey } from '../../server/contract/transactions.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import { activate, approve, callTool } from './calling.ts'
import { openScriptedHouse, type ScriptedHouse } from './scripted-house.ts'
import type { Script } from './scripted-org.ts'
import { sealedOf, type Sealed } from './signing.ts'

const ANNA = '005000000000001AAA'
const BORIS = '005000000000002AAA'
const SURVIVOR = '001000000000001AAA'
const LOSER = '001000000000002AAA'
const A_DAY_MS = 86_400_000
const THEN = '2026-11-22T10:00:00.000+0000'

const update: Operation = {
  kind: 'update',
  object: 'Account',
  id: SURVIVOR,
  fields: { AnnualRevenue: { from: '1000000.10', to: '12345678901234567.89', source: 'rule:largest' } },
}
const owner: Operation = {
  kind: 'changeOwner',
  object: 'Account',
  id: SURVIVOR,
  from: ANNA,
  to: BORIS,
  source: 'rule:territory',
  keepTeam: true,
  transfer: ['TransferOpenActivities'],
}
const merge: Operation = {
  kind: 'merge',
  object: 'Account',
  survivor: SURVIVOR,
  losers: [LOSER],
  fields: {
    Phone: { from: null, to: 'A & B <"1">', source: `record:${LOSER}` },
    Website: { from: 'x', to: null, source: 'rule:y' },
  },
  moves: [],
}

let house: ScriptedHouse
/** How far salesforce-mcp's clock is ahead. */
let later = 0
beforeAll(async () => {
  house = await openScriptedHouse({ pausesMs: [0, 0], now: () => new Date(Date.now() + later) })
  await activate(house.client, ANNA)
})
afterAll(() => house.close())
beforeEach(() => {
  later = 0
  house.org.script = {}
  house.org.writes.length = 0
  house.org.queries.length = 0
})

const account = (Id: string, values: object = {}) => ({
  attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${Id}` },
  Id,
  SystemModstamp: THEN,
  LastModifiedBy: { attributes: { type: 'User' }, Name: 'Somebody Else' },
  IsDeleted: false,
  OwnerId: ANNA,
  AnnualRevenue: 1000000.1,
  Website: 'x',
  Phone: null,
  MasterRecordId: null,
  ...values,
})
const receipt = (digest: string) => ({ Id: 'a00000000000001AAA', Key__c: receiptKey(digest, 1), CreatedDate: THEN })

/** An org with the two accounts, and a receipt once `written` says so. */
function rowsOf(sealed: Sealed, now: { receipt?: boolean; survivor?: object; loser?: object } = {}): Script['query'] {
  return (soql) => {
    if (soql.includes('Mission_Receipt__c')) return now.receipt ? [receipt(sealed.digest)] : []
    return [account(SURVIVOR, now.survivor), account(LOSER, now.loser)].filter(({ Id }) => soql.includes(Id))
  }
}

/** Approved now, committed `waitedMs` later. */
async function commit(sealed: Sealed, waitedMs = 0): Promise<ToolOutput<'commitChangeSet'>> {
  const approvals = [await approve(house.client, sealed, BORIS)]
  later = waitedMs
  return callTool(house.client, 'commitChangeSet', { leaves: sealed.leaves, approvals }, sealed.document.run)
}
const sealed = (...operations: Operation[]) => sealedOf(operations, { [SURVIVOR]: THEN, [LOSER]: THEN })
const statuses = ({ transactions }: ToolOutput<'commitChangeSet'>) =>
  transactions.map(({ kind, status }) => `${kind} ${status}`)

describe('a commit', () => {
  it('writes in order, one request per transaction, with the receipt in the first', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set) }
    const result = await commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written', 'merge written'])
    expect(result.calls).toBe(4)
    const [composite = '', owners = '', merged = ''] = house.org.writes
    expect(composite).toContain('"AnnualRevenue":12345678901234567.89')
    expect(composite).toContain(`"Key__c":"${set.digest}/1"`)
    expect(composite).toContain('"If-Unmodified-Since":"Sun, 22 Nov 2026 10:00:00 GMT"')
    expect(owners).toContain('<type>KeepAccountTeam</type><execute>true</execute>')
    expect(owners).toContain('<type>TransferOpenActivities</type><execute>true</execute>')
    expect(owners).toContain('<type>TransferContacts</type><execute>false</execute>')
    expect(merged).toContain('<s:fieldsToNull>Website</s:fieldsToNull>')
    expect(merged).toContain('<s:Phone>A &#38; B &#60;&#34;1&#34;&#62;</s:Phone>')
  })

  it('takes a value that drifted for what it is and writes nothing', async () => {
    const set = sealed(update, merge)
    house.org.script = { query: rowsOf(set, { survivor: { AnnualRevenue: 7 } }) }
    const result = await commit(set)
    expect(result.drift).toMatchObject([
      { id: SURVIVOR, field: 'AnnualRevenue', was: '1000000.10', now: '7', by: 'Somebody Else' },
    ])
    expect(statuses(result)).toEqual(['composite notSent', 'merge notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('takes any change of a record that would vanish as drift, and a missing record too', async () => {
    const set = sealed(merge)
    house.org.script = { query: rowsOf(set, { loser: { SystemModstamp: '2026-11-22T10:00:01.000+0000' } }) }
    expect((await commit(set)).drift).toMatchObject([{ id: LOSER, field: 'SystemModstamp' }])
    house.org.script = { query: rowsOf(set, { loser: { IsDeleted: true } }) }
    expect((await commit(set)).drift).toMatchObject([{ id: LOSER, field: 'IsDeleted' }])
    expect(house.org.writes).toEqual([])
  })

  it('does not mind a change of something it does not touch', async () => {
    const set = sealed(update)
    house.org.script = {
      query: rowsOf(set, { survivor: { SystemModstamp: '2026-11-23T10:00:00.000+0000', Phone: '9' } }),
    }
    expect(statuses(await commit(set))).toEqual(['composite written'])
  })

  it('stops at the first refusal and says what was not sent', async () => {
    const set = sealed(update, owner, merge)
    const error =
      '<errors><message>no</message><statusCode>TRANSFER_REQUIRES_READ</statusCode><fields>OwnerId</fields></errors>'
    house.org.script = {
      query: rowsOf(set),
      soap: () =>
        `<updateResponse><result>${error}<id>${SURVIVOR}</id><success>false</success></result></updateResponse>`,
    }
    const result = await commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners refused', 'merge notSent'])
    expect(result.transactions[1]?.error).toEqual({
      code: 'TRANSFER_REQUIRES_READ',
      message: 'no',
      fields: ['OwnerId'],
    })
    expect(house.org.writes).toHaveLength(2)
  })

  it('names the one operation that made the org roll everything back', async () => {
    const set = sealed(update)
    const failed = (referenceId: string, errorCode: string) => ({
      referenceId,
      httpStatusCode: 400,
      httpHeaders: {},
      body: [{ errorCode, message: errorCode }],
    })
    house.org.script = {
      query: rowsOf(set),
      write: () => [failed('receipt', 'PROCESSING_HALTED'), failed('op0', 'FIELD_CUSTOM_VALIDATION_EXCEPTION')],
    }
    const { transactions } = await commit(set)
    expect(transactions).toMatchObject([{ status: 'refused', error: { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' } }])
  })

  it('is an error to ask again when a locked row refuses it and nothing stands', async () => {
    const set = sealed(update)
    const body = [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'locked' }]
    house.org.script = {
      query: rowsOf(set),
      write: (subs) => subs.map(({ referenceId }) => ({ referenceId, httpStatusCode: 400, httpHeaders: {}, body })),
    }
    await expect(commit(set)).rejects.toMatchObject({ error: { code: 'locked', retryable: true } })
  })
})

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
    const result = await commit(set)
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
    expect(statuses(await commit(set))).toEqual(['composite unknown', 'owners notSent'])
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
    expect(statuses(await commit(set))).toEqual(['composite written', 'owners written', 'merge written'])
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
    expect(statuses(await commit(set))).toEqual(['composite written', 'owners written'])
    expect(house.org.writes).toHaveLength(4)
  })

  it('stays in doubt when the second request is refused or stopped', async () => {
    const set = sealed(update, owner)
    const error = '<errors><message>no</message><statusCode>TRANSFER_REQUIRES_READ</statusCode></errors>'
    const refusal = `<updateResponse><result>${error}<success>false</success></result></updateResponse>`
    const answers = ['cut', refusal]
    house.org.script = { query: rowsOf(set), soap: () => answers.shift() ?? refusal }
    expect(statuses(await commit(set))).toEqual(['composite written', 'owners unknown'])
    house.org.script.soap = () => {
      house.mcp.stopWrites()
      return 'cut'
    }
    expect(statuses(await commit(sealed(update, owner)))).toEqual(['composite written', 'owners unknown'])
    house.mcp.startWrites()
  })

  it('answers two who commit at once with one commit', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set) }
    const [one, two] = await Promise.all([commit(set), commit(set)])
    expect(one.transactions).toEqual(two.transactions)
    expect(house.org.writes).toHaveLength(3)
  })

  it('does not know about a merge whose loser is still there', async () => {
    const set = sealed(merge)
    house.org.script = { query: rowsOf(set), soap: () => 'cut' }
    expect(statuses(await commit(set))).toEqual(['composite written', 'merge unknown'])
  })
})

describe('the same commit again', () => {
  it('writes nothing that stands already', async () => {
    const set = sealed(update, owner, merge)
    const survivor = { OwnerId: BORIS, AnnualRevenue: 12345678901234567, Phone: '1', SystemModstamp: 'later' }
    const loser = { IsDeleted: true, MasterRecordId: SURVIVOR }
    house.org.script = { query: rowsOf(set, { receipt: true, survivor, loser }) }
    expect(statuses(await commit(set))).toEqual(['composite already', 'owners already', 'merge already'])
    expect(house.org.writes).toEqual([])
  })

  it('finishes what is missing, even after the decision expired', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set, { receipt: true, survivor: { OwnerId: BORIS } }) }
    expect(statuses(await commit(set, A_DAY_MS))).toEqual(['composite already', 'owners already', 'merge written'])
    expect(house.org.writes).toHaveLength(1)
  })

  it('leaves what is missing when somebody changed it meanwhile', async () => {
    const set = sealed(update, owner)
    house.org.script = { query: rowsOf(set, { receipt: true, survivor: { OwnerId: '005000000000007AAA' } }) }
    const result = await commit(set)
    expect(statuses(result)).toEqual(['composite already', 'owners notSent'])
    expect(result.drift).toMatchObject([{ field: 'OwnerId', now: '005000000000007AAA' }])
    expect(house.org.writes).toEqual([])
  })

  it('believes the org when it refuses a second receipt', async () => {
    const set = sealed(update)
    const now = { receipt: false }
    const failed = (referenceId: string, errorCode: string) => ({
      referenceId,
      httpStatusCode: 400,
      httpHeaders: {},
      body: [{ errorCode, message: errorCode }],
    })
    house.org.script = {
      query: rowsOf(set, now),
      write: () => {
        now.receipt = true
        return [failed('op0', 'PROCESSING_HALTED'), failed('receipt', 'DUPLICATE_VALUE')]
      },
    }
    expect(statuses(await commit(set))).toEqual(['composite already'])
  })
})

it('refuses an org that is another than the configured one', async () => {
  const other = await openScriptedHouse()
  other.org.script = { orgId: '00D000000000009EAA' }
  await expect(callTool(other.client, 'getUserInfo', {})).rejects.toThrow(/00D000000000009EAA, not/)
  await other.close()
})

it('sends a decision that expired nowhere', async () => {
  const set = sealed(update)
  house.org.script = { query: rowsOf(set) }
  await expect(commit(set, A_DAY_MS)).rejects.toMatchObject({ error: { code: 'refused' } })
  expect(house.org.writes).toEqual([])
})
