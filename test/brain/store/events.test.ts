import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSubscription, type Subscription } from '../../../server/brain/adapters/events/subscription.ts'
import type { OrgChange, OrgRequest } from '../../../server/brain/ports/org-changes.ts'
import { practiceContent } from '../../../server/practice/content/content.ts'
import { startPracticeOrg, type PracticeOrg } from '../../../server/practice-org/src/compose.ts'
import { signIn, type Person } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import { clock, ORG_ID } from './databases.ts'

const TOPIC = '/data/LeadChangeEvent'
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

describe('the org’s change events', () => {
  let org: PracticeOrg
  let admin: Person
  let subscription: Subscription | null = null
  let taken: OrgChange[] = []
  let asked: OrgRequest[] = []
  let gaps: boolean[] = []
  let position: string | null = null
  let refuse = 0

  beforeAll(async () => {
    const clients = [{ id: 'missions-reader', publicKeyPem: keys.publicKey, users: ['reader@practice.example'] }]
    const brainUrl = 'http://localhost:4000'
    org = await startPracticeOrg({
      port: 0,
      eventsPort: 0,
      dataDir: null,
      content: practiceContent({ brainUrl }),
      orgId: ORG_ID,
      clients,
      keepAliveMs: 200,
    })
    admin = await signIn(org.url, brainUrl, 'admin')
  })
  afterAll(() => org.close())
  beforeEach(() => {
    subscription?.close()
    taken = []
    asked = []
    gaps = []
    position = null
    refuse = 0
    subscription = openSubscription({
      listener: {
        loginUrl: org.url,
        audience: new URL(org.url).origin,
        clientId: 'missions-reader',
        username: 'reader@practice.example',
        privateKeyPem: keys.privateKey,
      },
      orgId: ORG_ID,
      endpoint: `localhost:${org.eventsPort}`,
      clock,
      positionOf: () => Promise.resolve(position),
      onConnected: () => Promise.resolve(),
      async onChange(change) {
        if (refuse-- > 0) throw new Error('the store is away')
        taken.push(change)
        position = change.replayId
      },
      async onRequest(request) {
        asked.push(request)
        position = request.replayId
      },
      async onPosition(_topic, replayId) {
        position = replayId
      },
      async onGap(_topic, forget) {
        gaps.push(forget)
        if (forget) position = null
      },
      onError: () => {},
    })
    return () => subscription?.close()
  })

  const lead = (name: string) => admin.create('Lead', { LastName: name, Company: 'Acme' })
  const took = (id: string) => taken.some(({ recordIds }) => recordIds.includes(id))
  const heard = (id: string) => until(`the event of ${id}`, () => Promise.resolve(took(id)))
  /** Without a position the stream starts with what comes next: create until one is heard. */
  const standing = async () => {
    const before = taken.length
    await until('the stream stands', async () => {
      await lead('First')
      return taken.length > before
    })
    await heard(await lead('Last'))
  }

  it('arrive decoded, with what changed, by whom, and where the stream stands', async () => {
    subscription?.watch([TOPIC])
    await standing()
    const id = await lead('Okonkwo')
    await heard(id)
    expect(taken.at(-1)).toMatchObject({
      topic: TOPIC,
      object: 'Lead',
      changeType: 'CREATE',
      recordIds: [id],
      replayId: expect.stringMatching(/^\d+$/) as string,
      modifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    })
    expect(gaps.every((forget) => !forget)).toBe(true)
  })

  it('go on after the last one taken when the brain listens again, none missed, none twice', async () => {
    subscription?.watch([TOPIC])
    await standing()
    const before = taken.length
    subscription?.watch([])
    const missed = [await lead('One'), await lead('Two')]
    subscription?.watch([TOPIC])
    for (const id of missed) await heard(id)
    expect(taken.slice(before).map(({ recordIds }) => recordIds[0])).toEqual(missed)
  })

  it('come again while the store is away, in order', async () => {
    subscription?.watch([TOPIC])
    await standing()
    const before = taken.length
    refuse = 2
    const ids = [await lead('One'), await lead('Two')]
    for (const id of ids) await heard(id)
    expect(taken.slice(before).map(({ recordIds }) => recordIds[0])).toEqual(ids)
  })

  it('are looked for another way when the org refuses the position', async () => {
    position = String(Number.MAX_SAFE_INTEGER)
    subscription?.watch([TOPIC])
    await until('a gap that forgets the position', () => Promise.resolve(gaps.includes(true)))
    await standing()
  })

  it('move the position while nothing happens to their object, but something to others', async () => {
    subscription?.watch([TOPIC])
    await standing()
    const before = { position, taken: taken.length }
    await admin.create('Account', { Name: 'Quiet Waters' })
    await until('the position has moved', () => Promise.resolve(Number(position) > Number(before.position)))
    expect(taken).toHaveLength(before.taken)
  })

  it('the org’s change events that name no single record are looked for another way', async () => {
    subscription?.watch([TOPIC])
    await standing()
    gaps = []
    const body = JSON.stringify({ object: 'Lead', changeType: 'GAP_UPDATE' })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${org.url}/practice/gaps`, { method: 'POST', headers, body })).ok).toBe(true)
    await until('a gap', () => Promise.resolve(gaps.length > 0))
    expect(gaps).toEqual([false])
    expect(taken.at(-1)).toMatchObject({ changeType: 'GAP_UPDATE', recordIds: [], isComplete: false })
  })

  it('the org’s change events tell which fields changed, parts of names and addresses too', async () => {
    subscription?.watch([TOPIC])
    await standing()
    const id = await lead('Okonkwo')
    await admin.update('Lead', id, { LastName: 'Adeyemi', City: 'Lagos', Rating: 'Hot' })
    const update = await until('the update', () =>
      Promise.resolve(taken.find(({ changeType, recordIds }) => changeType === 'UPDATE' && recordIds.includes(id))),
    )
    expect(update.changedFields?.sort()).toEqual(['Address.City', 'LastModifiedDate', 'Name.LastName', 'Rating'])
    expect(taken.find(({ recordIds }) => recordIds.includes(id))?.changedFields).toBeNull()
  })

  it('the org’s platform events arrive, those from before too, and each once over a reconnection', async () => {
    const publish = (key: string) =>
      admin.create('Mission_Request__e', {
        Mission__c: 'lead-triage',
        Record_Id__c: '00Q000000000001',
        Request_Key__c: key,
      })
    const keys = () => asked.map(({ key }) => key)
    await publish('before')
    subscription?.watch(['/event/Mission_Request__e'])
    await until('the event from before', () => Promise.resolve(keys().includes('before')))
    subscription?.watch([])
    await publish('between')
    subscription?.watch(['/event/Mission_Request__e'])
    await until('the event from between', () => Promise.resolve(keys().includes('between')))
    expect(keys()).toEqual(['before', 'between'])
    expect(asked[0]).toMatchObject({
      event: 'Mission_Request__e',
      mission: 'lead-triage',
      recordId: '00Q000000000001',
      publisher: expect.stringMatching(/^005/) as string,
    })
  })

  it('the org’s platform events of a transaction that fails are never published', async () => {
    const event = (key: string) => ({ Mission__c: 'lead-triage', Record_Id__c: '00Q000000000001', Request_Key__c: key })
    const data = '/services/data/v66.0'
    const composite = (key: string, leadFields: object) => {
      const made = (object: string, referenceId: string, body: object) => ({
        method: 'POST',
        url: `${data}/sobjects/${object}`,
        referenceId,
        body,
      })
      const compositeRequest = [made('Mission_Request__e', 'asked', event(key)), made('Lead', 'lead', leadFields)]
      return fetch(`${org.url}${data}/composite`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.orgToken}` },
        body: JSON.stringify({ allOrNone: true, compositeRequest }),
      })
    }
    expect(await (await composite('failed', { Company: 'Without a name' })).text()).toContain('PROCESSING_HALTED')
    await composite('committed', { LastName: 'With one', Company: 'Acme' })
    subscription?.watch(['/event/Mission_Request__e'])
    await until('the event of the one that did not', () =>
      Promise.resolve(asked.some(({ key }) => key === 'committed')),
    )
    expect(asked.map(({ key }) => key)).not.toContain('failed')
  })

  it('the org publishes no platform event for those without the right to it', async () => {
    const rep = await signIn(org.url, 'http://localhost:9', 'rep')
    const fields = { Mission__c: 'lead-triage', Record_Id__c: '00Q000000000001', Request_Key__c: 'rep' }
    await expect(rep.create('Mission_Request__e', fields)).rejects.toThrow('INSUFFICIENT_ACCESS')
  })
})
