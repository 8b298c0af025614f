// Guarantee 10: what is active stands in the org's register, as salesforce-mcp wrote it there, and is looked at again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { callTool, signatures } from '../calling.ts'
import { ANNA, BORIS, openMerging, rowsOf, type Merging } from '../scripted-merge.ts'
import { grant, registeredRow, sealedOf } from '../signing.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const update = {
  kind: 'update' as const,
  object: 'Account',
  id: '001000000000001AAA',
  fields: { Phone: { from: null, to: '1', source: 'rule:x' } },
}
const wider: Grant = { ...grant, version: 2, limits: { records: 51, apiCalls: 12 } }
const narrower: Grant = { ...grant, version: 2, limits: { records: 49, apiCalls: 12 } }

let house: Merging
beforeAll(async () => {
  house = await openMerging()
})
beforeEach(() => house.renew())
afterAll(() => house.close())

const ago = (ms: number) => new Date(Date.now() - ms)
const row = (opened: Grant, changes: Parameters<typeof registeredRow>[2] = {}) =>
  registeredRow(house.options.sealKey, opened, changes)
const open = (opened: Grant = grant) => callTool(house.client, 'openGrant', { grant: opened })

describe('a grant', () => {
  it.each<[string, () => object[], RegExp]>([
    ['that no record names', () => [row(narrower)], /^not in the register/],
    [
      'that a record of another seal key names',
      () => [registeredRow({ key: Buffer.alloc(32), earlier: [] })],
      /^not in/,
    ],
    [
      'whose record was given a later end',
      () => [{ ...row(grant), Ends__c: '2999-01-01T00:00:00.000+0000' }],
      /^not in/,
    ],
    ['whose record was given another person', () => [{ ...row(grant), Activated_By__c: BORIS }], /^not in/],
    [
      'whose record is withdrawn',
      () => [row(grant, { withdrawn: true, changedAt: new Date('2026-11-30T10:00:00Z') })],
      /^withdrawn on 2026-11-30$/,
    ],
    ['whose record is in the Recycle Bin', () => [row(grant, { deleted: true })], /^withdrawn/],
    ['whose activation ended', () => [row(grant, { endsAt: ago(1000) })], /^ended on/],
    [
      'that was withdrawn by a later record',
      () => [{ ...row(grant, { n: 2 }), Grant__c: null, Seal__c: null, Withdrawn__c: true }, row(grant)],
      /^withdrawn/,
    ],
    ['whose successor is withdrawn', () => [row(narrower, { n: 2, withdrawn: true }), row(grant)], /^withdrawn/],
    [
      'whose successor was changed by another hand',
      () => [{ ...row(narrower, { n: 2 }), Version__c: 3 }, row(grant)],
      /^withdrawn/,
    ],
    [
      'that was superseded six days ago',
      () => [row(narrower, { n: 2, createdAt: ago(6 * DAY_MS + MINUTE_MS) }), row(grant)],
      /^superseded on/,
    ],
  ])('%s is not open', async (_title, register, reason) => {
    house.org.register = register()
    await expect(open()).rejects.toMatchObject({ error: { code: 'inactive', message: expect.stringMatching(reason) } })
    await expect(
      house.client.callTool({
        name: 'soqlQuery',
        arguments: { grant: grantHash(grant), queries: ['SELECT Id FROM Account'] },
      }),
    ).resolves.toMatchObject({ isError: true })
  })

  it('that was superseded less than six days ago is open until then, and one activated again is not superseded', async () => {
    const createdAt = ago(5 * DAY_MS)
    house.org.register = [row(narrower, { n: 2, createdAt }), row(grant)]
    expect((await open()).until).toBe(new Date(createdAt.getTime() + 6 * DAY_MS).toISOString())
    house.org.register = [row(grant, { n: 3 }), row(narrower, { n: 2, createdAt }), row(grant)]
    expect(Date.parse((await open()).until)).toBeGreaterThan(Date.now() + 300 * DAY_MS)
  })

  it('is looked at again after five minutes', async () => {
    const grantName = await house.open()
    const read = () => callTool(house.client, 'soqlQuery', { grant: grantName, queries: ['SELECT Id FROM Account'] })
    house.pass(4 * MINUTE_MS)
    await expect(read()).resolves.toMatchObject({ calls: 1 })
    house.pass(2 * MINUTE_MS)
    await expect(read()).rejects.toMatchObject({ error: { code: 'not-granted' } })
  })
})

describe('a commit', () => {
  it('of a mission that was withdrawn after it was opened writes nothing, and asks the org no further call', async () => {
    const set = sealedOf([update], { [update.id]: '2026-01-01T00:00:00.000+0000' })
    house.org.script = { query: rowsOf(set) }
    const { calls } = await house.commit(set)
    expect(calls).toBe(2)
    const writes = house.org.writes.length
    const withdrawn = house.commit(set, 0, undefined, () => (house.org.register = [row(grant, { withdrawn: true })]))
    await expect(withdrawn).rejects.toMatchObject({ error: { code: 'inactive', retryable: true } })
    expect(house.org.writes).toHaveLength(writes)
  })
})

describe('an activation', () => {
  const activate = async (opened: Grant, before: Grant | null, people: string[]) => {
    const decisions = await signatures(house.client, people, opened)
    return callTool(house.client, 'activateGrant', { grant: opened, before, decisions })
  }
  const administrators = (...ids: string[]) => ({
    query: (soql: string) => {
      if (soql.includes('FROM SetupEntityAccess')) return [{ ParentId: '0PS000000000001AAA' }]
      if (soql.includes('FROM PermissionSetAssignment')) return ids.map((AssigneeId) => ({ AssigneeId }))
      return ids.map((Id) => ({ attributes: { type: 'User', url: `/x/${Id}` }, Id, Name: Id }))
    },
  })
  beforeEach(() => {
    house.org.register = [row(grant)]
    house.org.script = administrators(ANNA, BORIS)
  })

  it('of what is no wider takes one administrator, of what is wider two different ones', async () => {
    expect(await activate(narrower, grant, [ANNA])).toMatchObject({
      needs: 1,
      widenings: [],
      endsAt: expect.any(String),
    })
    house.org.writes.length = 0
    const raised = ['A change set may touch 51 records, it was 50']
    expect(await activate(wider, grant, [ANNA])).toEqual({ needs: 2, widenings: raised, endsAt: null })
    expect(await activate(wider, grant, [ANNA, ANNA])).toMatchObject({ needs: 2, endsAt: null })
    expect(house.org.writes).toEqual([])
    expect(await activate(wider, grant, [ANNA, BORIS])).toMatchObject({ needs: 2, endsAt: expect.any(String) })
    expect(house.org.writes).toHaveLength(1)
  })

  it.each<[string, Grant | null, () => object[]]>([
    ['no version was active before', null, () => []],
    ['the version before is not brought', null, () => [row(grant)]],
    ['another version is brought', wider, () => [row(grant)]],
    ['the record of the version before was changed by another hand', grant, () => [{ ...row(grant), Version__c: 9 }]],
  ])('takes two where %s', async (_title, before, register) => {
    house.org.register = register()
    expect(await activate(narrower, before, [ANNA])).toMatchObject({ needs: 2, endsAt: null })
  })

  it('is refused while one of the two no longer administers missions', async () => {
    house.org.script = administrators(ANNA)
    await expect(activate(wider, grant, [ANNA, BORIS])).rejects.toMatchObject({
      error: { code: 'refused', message: `${BORIS} no longer holds Administer_Missions` },
    })
    expect(house.org.writes).toEqual([])
  })

  it('is refused on a signature given before the mission was last activated or withdrawn', async () => {
    const later = new Date(Date.now() + 2000)
    for (const change of [{ createdAt: later }, { withdrawn: true, changedAt: later }]) {
      house.org.register = [row(grant, change)]
      await expect(activate(narrower, grant, [ANNA])).rejects.toMatchObject({
        error: { code: 'refused', message: 'the mission was activated or withdrawn after this signature was given' },
      })
    }
  })

  it('is refused on a signature that a record names', async () => {
    const decisions = await signatures(house.client, [ANNA], narrower)
    const input = { grant: narrower, before: grant, decisions }
    await callTool(house.client, 'activateGrant', input)
    const { Signatures__c } = bodyOf(house.org.writes.at(-1))
    house.org.register = [{ ...row(narrower, { n: 2 }), Signatures__c }, row(grant)]
    await expect(callTool(house.client, 'activateGrant', input)).rejects.toMatchObject({
      error: { code: 'refused', message: 'this signature has activated the mission before' },
    })
  })

  it('is refused when another one took its place in the register meanwhile', async () => {
    const errors = [{ errorCode: 'DUPLICATE_VALUE', message: 'duplicate value found: Key__c', fields: [] }]
    house.org.script = {
      ...house.org.script,
      write: (subs) =>
        subs.map(({ referenceId }) => ({ referenceId, httpStatusCode: 400, httpHeaders: {}, body: errors })),
    }
    await expect(activate(narrower, grant, [ANNA])).rejects.toMatchObject({
      error: { code: 'refused', message: 'another activation of this mission was entered meanwhile' },
    })
  })

  it('follows the newest record, and a withdrawal is entered once', async () => {
    await activate(narrower, grant, [ANNA])
    expect(bodyOf(house.org.writes.at(-1))).toMatchObject({ Key__c: `${grant.mission}/1`, Withdrawn__c: false })
    const withdrawal = { mission: grant.mission, reason: 'Too eager', by: ANNA }
    expect(await callTool(house.client, 'withdrawGrant', withdrawal)).toEqual({ withdrawn: true })
    expect(bodyOf(house.org.writes.at(-1))).toMatchObject({
      Withdrawn__c: true,
      Reason__c: 'Too eager',
      Activated_By__c: ANNA,
    })
    const entered = house.org.writes.length
    house.org.register = [row(grant, { withdrawn: true })]
    expect(await callTool(house.client, 'withdrawGrant', withdrawal)).toEqual({ withdrawn: false })
    expect(house.org.writes).toHaveLength(entered)
  })
})

function bodyOf(write: string | undefined): Record<string, unknown> {
  const { compositeRequest } = JSON.parse(write ?? '') as { compositeRequest: { body: Record<string, unknown> }[] }
  return compositeRequest[0]!.body
}
