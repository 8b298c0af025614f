// Guarantee 3, once, and 4, never silently half: what a commit writes and says when the org answers, and when it is begun again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  A_DAY_MS,
  BORIS,
  LOSER,
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

describe('a commit', () => {
  it('writes in order, one request per transaction, with the receipt in the first', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set) }
    const result = await house.commit(set)
    expect(statuses(result)).toEqual(['composite written', 'owners written', 'merge written'])
    expect(result.calls).toBe(5)
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
    const result = await house.commit(set)
    expect(result.drift).toMatchObject([
      { id: SURVIVOR, field: 'AnnualRevenue', was: '1000000.10', now: '7', by: 'Somebody Else' },
    ])
    expect(statuses(result)).toEqual(['composite notSent', 'merge notSent'])
    expect(house.org.writes).toEqual([])
  })

  it('takes any change of a record that would vanish as drift, and a missing record too', async () => {
    const set = sealed(merge)
    house.org.script = { query: rowsOf(set, { loser: { SystemModstamp: '2026-11-22T10:00:01.000+0000' } }) }
    expect((await house.commit(set)).drift).toMatchObject([{ id: LOSER, field: 'SystemModstamp' }])
    house.org.script = { query: rowsOf(set, { loser: { IsDeleted: true } }) }
    expect((await house.commit(set)).drift).toMatchObject([{ id: LOSER, field: 'IsDeleted' }])
    expect(house.org.writes).toEqual([])
  })

  it('does not mind a change of something it does not touch', async () => {
    const set = sealed(update)
    house.org.script = {
      query: rowsOf(set, { survivor: { SystemModstamp: '2026-11-23T10:00:00.000+0000', Phone: '9' } }),
    }
    expect(statuses(await house.commit(set))).toEqual(['composite written'])
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
    const result = await house.commit(set)
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
    const { transactions } = await house.commit(set)
    expect(transactions).toMatchObject([{ status: 'refused', error: { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' } }])
  })

  it('is an error to ask again when a locked row refuses it and nothing stands', async () => {
    const set = sealed(update)
    const body = [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'locked' }]
    house.org.script = {
      query: rowsOf(set),
      write: (subs) => subs.map(({ referenceId }) => ({ referenceId, httpStatusCode: 400, httpHeaders: {}, body })),
    }
    await expect(house.commit(set)).rejects.toMatchObject({ error: { code: 'locked', retryable: true } })
  })
})

describe('the same commit again', () => {
  it('writes nothing that stands already', async () => {
    const set = sealed(update, owner, merge)
    const survivor = { OwnerId: BORIS, AnnualRevenue: 12345678901234567, Phone: '1', SystemModstamp: 'later' }
    const loser = { IsDeleted: true, MasterRecordId: SURVIVOR }
    house.org.script = { query: rowsOf(set, { receipt: true, survivor, loser }) }
    expect(statuses(await house.commit(set))).toEqual(['composite already', 'owners already', 'merge already'])
    expect(house.org.writes).toEqual([])
  })

  it('finishes what is missing, even after the decision expired', async () => {
    const set = sealed(update, owner, merge)
    house.org.script = { query: rowsOf(set, { receipt: true, survivor: { OwnerId: BORIS } }) }
    expect(statuses(await house.commit(set, A_DAY_MS))).toEqual([
      'composite already',
      'owners already',
      'merge written',
    ])
    expect(house.org.writes).toHaveLength(1)
  })

  it('leaves what is missing when somebody changed it meanwhile', async () => {
    const set = sealed(update, owner)
    house.org.script = { query: rowsOf(set, { receipt: true, survivor: { OwnerId: '005000000000007AAA' } }) }
    const result = await house.commit(set)
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
    expect(statuses(await house.commit(set))).toEqual(['composite already'])
  })
})

it('sends a decision that expired nowhere', async () => {
  const set = sealed(update)
  house.org.script = { query: rowsOf(set) }
  await expect(house.commit(set, A_DAY_MS)).rejects.toMatchObject({ error: { code: 'refused' } })
  expect(house.org.writes).toEqual([])
})
