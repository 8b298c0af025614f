import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLedger } from '../../docs/ledger.ts'
import type { PracticeOrg } from '../../src/compose.ts'
import { BATCH_ROUTES } from '../../src/doors/bulk/batch-router.ts'
import { BULK_ROUTES } from '../../src/doors/bulk/router.ts'
import { pubSubService } from '../../src/doors/pubsub/proto.ts'
import { ABSENT_FEATURES } from '../../src/doors/rest/absent.ts'
import { restRoutes } from '../../src/doors/rest/routes.ts'
import { SOAP_CALLS } from '../../src/doors/soap/router.ts'
import { rest, startOrg, tokenOf } from '../support/running-org.ts'

/** The cells of every table row below the heading that begins so. */
function rowsBelow(heading: string): string[][] {
  const section = readLedger().find((each) => each.heading.startsWith(heading))
  return section?.blocks.flatMap((block) => ('rows' in block ? block.rows : [])) ?? []
}

const named = (cell = ''): string => /`([^`]+)`/.exec(cell)?.[1] ?? ''
const REST = rowsBelow('REST, below')
const OFFERED = ['as an org', 'partly']

let org: PracticeOrg
beforeAll(async () => {
  org = await startOrg()
})
afterAll(() => org.close())

describe('the tables of the ledger', () => {
  it('list every REST route with exactly its methods, and no other', () => {
    const routed = restRoutes
      .filter(({ pattern }) => !((pattern.split('/')[0] ?? '') in ABSENT_FEATURES))
      .map(({ pattern, methods }) => `/${pattern.replace(/:(\w+)/g, '{$1}')} ${Object.keys(methods).sort().join(', ')}`)
    const listed = REST.filter(([, , state = '']) => OFFERED.includes(state)).map(
      ([path, methods = '']) => `${named(path)} ${methods.split(', ').sort().join(', ')}`,
    )
    expect([...new Set(listed)].sort()).toEqual([...new Set(routed)].sort())
  })

  it('list every feature that is not there, and each answers as an org without it', async () => {
    const listed = REST.filter(([path, , state]) => state === 'not offered' && named(path) !== '')
    expect(listed.map(([path]) => named(path)).sort()).toEqual(
      Object.keys(ABSENT_FEATURES)
        .map((segment) => `/${segment}/*`)
        .sort(),
    )
    const token = await tokenOf(org.url)
    for (const [path = ''] of listed) {
      const { status, body } = await rest(org.url, token, named(path).replace('*', 'anything'), { method: 'POST' })
      expect([path, status, body]).toEqual([
        path,
        403,
        [expect.objectContaining({ errorCode: 'FUNCTIONALITY_NOT_ENABLED' })],
      ])
    }
  })

  it('list every resource of the bulk APIs with exactly its methods', () => {
    const routed = [...BULK_ROUTES, ...BATCH_ROUTES].map(
      ({ path, methods }) => `${path.replace(/:(\w+)/g, '{$1}')} ${Object.keys(methods).join(', ')}`,
    )
    const listed = rowsBelow('Bulk API 2.0').map(([path, methods]) => `${named(path)} ${methods}`)
    expect(listed.sort()).toEqual(routed.sort())
  })

  it('list every SOAP call', () => {
    const listed = rowsBelow('SOAP').filter(([, state = '']) => OFFERED.includes(state))
    expect(listed.map(([call]) => named(call)).sort()).toEqual([...SOAP_CALLS].sort())
  })

  it('list every method of the Pub/Sub API', () => {
    const listed = rowsBelow('Other doors').filter(([door = '']) => door.startsWith('Pub/Sub `'))
    expect(listed.map(([door]) => named(door)).sort()).toEqual(Object.keys(pubSubService()).sort())
  })

  it('say what is missing wherever something is', () => {
    const partly = [...REST.map((row) => row.slice(1)), ...rowsBelow('SOAP'), ...rowsBelow('Other doors')].filter(
      (row) => row.includes('partly'),
    )
    expect(partly.filter((row) => row.at(-1) === '')).toEqual([])
  })
})
