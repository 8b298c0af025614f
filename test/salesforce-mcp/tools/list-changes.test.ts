// What changed in the org since a time, deleted records included: ids and times of granted objects, page by page.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { activate } from '../calling.ts'
import { openHouse, type House } from '../house.ts'

const ADMIN = { api: 'ui', version: '66.0' } as const
let house: House
let grant: string
let since: string

beforeAll(async () => {
  house = await openHouse()
  grant = await activate(house.client, [house.ids.admin, house.ids.second])
  house.later(60_000)
  since = new Date(Date.now() + 50_000).toISOString()
})
afterAll(() => house.close())

const as = () => ({ ...ADMIN, userId: house.ids.admin })
const load = (count: number) =>
  house.org.org.load(
    'Lead',
    Array.from({ length: count }, (_, n) => ({
      LastName: `Lead ${n}`,
      Company: 'Acme',
      Status: 'Open - Not Contacted',
      OwnerId: house.ids.admin,
    })),
  )
const changes = (more: { after?: string | null; createdSince?: string | null; since?: string } = {}) =>
  house.call('listChanges', { grant, object: 'Lead', since, after: null, createdSince: null, ...more })

it('changes in the org are listed with what was updated and what lies in the Recycle Bin', async () => {
  const [gone = '', made = ''] = load(2)
  house.later(62_000)
  house.org.org.update(as(), 'Lead', house.ids.lead, { Company: 'Acme Corp' })
  house.org.org.delete(as(), 'Lead', gone)
  const found = await changes()
  const of = (id: string) => found.changes.find((change) => change.id === id)
  expect(found).toMatchObject({ more: false, calls: 1 })
  expect(found.changes).toHaveLength(3)
  expect(of(house.ids.lead)).toMatchObject({ isDeleted: false, mergedInto: null })
  expect(String(of(house.ids.lead)?.createdAt) < since).toBe(true)
  expect(of(gone)).toMatchObject({ isDeleted: true, mergedInto: null })
  expect(of(made)?.createdAt).toBe(of(made)?.at)
  const listed = (await changes({ createdSince: since })).changes.map(({ id }) => id)
  expect(listed.sort()).toEqual([gone, made].sort())
})

it('changes in the org of one second are listed page by page, each once', async () => {
  house.later(200_000)
  const from = new Date(Date.now() + 190_000).toISOString()
  const ids = load(450)
  const read: string[] = []
  let at: { since: string; after: string | null } = { since: from, after: null }
  for (let more = true; more;) {
    const page = await changes(at)
    read.push(...page.changes.map(({ id }) => id))
    const last = page.changes.at(-1)
    if (last) at = { since: last.at, after: last.id }
    more = page.more
  }
  expect(read).toEqual([...ids].sort())
})

it('changes in the org of an object outside the grant are not listed', async () => {
  const asked = house.call('listChanges', { grant, object: 'Asset', since, after: null, createdSince: null })
  await expect(asked).rejects.toMatchObject({ error: { code: 'not-granted' } })
})

it('changes in the org that end a record are found by its id: in the Recycle Bin, merged away, or no longer there', async () => {
  const [kept = '', binned = '', purged = '', survivor = '', loser = ''] = load(5)
  for (const id of [binned, purged]) house.org.org.delete(as(), 'Lead', id)
  house.org.org.purge(as(), purged)
  house.org.org.merge(as(), { type: 'Lead', masterId: survivor, loserIds: [loser], fields: {} })
  const stranger = '00Q000000000001AAA'
  const ids = [kept, binned, purged, survivor, loser, stranger]
  const found = await house.call('findDeleted', { grant, object: 'Lead', ids })
  const deleted = new Map(found.deleted.map(({ id, mergedInto }) => [id, mergedInto]))
  expect(deleted).toEqual(
    new Map([
      [binned, null],
      // For about a day an org still shows what was removed from its Recycle Bin.
      [purged, null],
      [loser, survivor],
    ]),
  )
  expect(found).toMatchObject({ missing: [stranger], calls: 1 })
})

it('changes in the org bear whether the writer made the last one', async () => {
  house.later(800_000)
  const from = new Date(Date.now() + 790_000).toISOString()
  const [own = '', other = ''] = load(2)
  const writer = house.org.org.user('writer@practice.example')?.id ?? ''
  house.org.org.update({ ...ADMIN, userId: writer }, 'Lead', own, { Company: 'Acme Corp' })
  house.org.org.update(as(), 'Lead', other, { Company: 'Acme Corp' })
  const found = (await changes({ since: from })).changes.map(({ id, byWriter }) => [id, byWriter])
  expect(found.sort()).toEqual(
    [
      [own, true],
      [other, false],
    ].sort(),
  )
})
