import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { ADMIN, connect, startOrg } from '../support/running-org.ts'

interface Page {
  totalSize: number
  done: boolean
  records: { LastName: string }[]
  nextRecordsUrl?: string
}
interface Family {
  Name: string
  Contacts: Page | null
}

const CHILDREN = 2_450
const SOQL = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name LIKE 'Family %' ORDER BY Name"

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
  const ids = org.org.load(
    'Account',
    ['Family A', 'Family B', 'Family C'].map((Name) => ({ Name })),
  )
  org.org.load(
    'Contact',
    Array.from({ length: CHILDREN }, (_, n) => ({ LastName: `Child ${n}`, AccountId: ids[n % 2] ?? null })),
  )
})
afterAll(() => org.close())

it('jsforce reads every child of every record when it may fetch more, and none twice', async () => {
  const connection = await connect(org.url, ADMIN)
  const { records } = await connection.query<Family>(SOQL, { autoFetch: true, maxFetch: 10_000 })
  const children = records.map(({ Contacts }) => Contacts?.records ?? [])
  expect(children.map(({ length }) => length)).toEqual([CHILDREN / 2, CHILDREN / 2, 0])
  expect(new Set(children.flat().map(({ LastName }) => LastName)).size).toBe(CHILDREN)
  expect(records.map(({ Contacts }) => Contacts?.done)).toEqual([true, true, undefined])
})

it('jsforce is told where the others are when it may not', async () => {
  const connection = await connect(org.url, ADMIN)
  const { records } = await connection.query<Family>(SOQL)
  expect(records[0]?.Contacts).toMatchObject({ totalSize: CHILDREN / 2, done: false })
  expect(records[0]?.Contacts?.records).toHaveLength(199)
  const more = await connection.queryMore<{ LastName: string }>(records[0]?.Contacts?.nextRecordsUrl ?? '')
  expect(more.records[0]).toMatchObject({ LastName: `Child ${199 * 2}` })
})
