import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { routes } from '../../../server/brain/http/routes/index.ts'
import { mcpTools } from '../../../server/brain/mcp/tools.ts'
import { until } from '../../support/until.ts'
import { LEAD } from '../decisions/acme.ts'
import { openDoor, type Door } from './server.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})

const HALF = '\ud83d'
const LAUNCH = '/api/v1/missions/duplicate-account-reconciliation/runs'
const key = { 'idempotency-key': 'given-text-1' }
const issuesOf = async (response: Response) => {
  const { status, issues } = (await response.json()) as { status: number; issues?: { path: string }[] }
  return [status, (issues ?? []).map(({ path }) => path)]
}

describe('text that cannot be stored is refused by the name of its field', () => {
  it.each([
    ['/api/v1/runs?mission=a%00b', 'query.mission'],
    ['/api/v1/decisions?mission=%00', 'query.mission'],
    ['/api/v1/missions/a%00b', 'path.name'],
    ['/api/v1/runs/%00', 'path.id'],
    ['/api/v1/decisions/%00', 'path.id'],
    ['/api/v1/runs/%00/observations', 'path.id'],
  ])('in GET %s', async (path, field) => {
    expect(await issuesOf(await door.get('admin', path))).toEqual([400, [field]])
  })

  it('in the texts and the names of a body', async () => {
    const subject = { object: 'Lead', id: LEAD }
    for (const odd of [HALF, 'a\0b']) {
      const value = await door.post('manager', LAUNCH, { subject, scope: { State: odd } }, key)
      expect(await issuesOf(value)).toEqual([400, ['body.scope.State']])
      const name = await door.post('manager', LAUNCH, { subject, scope: { [odd]: 'CA' } }, key)
      expect(await issuesOf(name)).toEqual([400, ['body.scope']])
    }
  })

  it('before a decision token is taken, so that the same token still answers', async () => {
    const facts = await door.propose()
    const at = `/api/v1/decisions/${facts.decision.id}/approve`
    const body = { digest: facts.changeSet.digest, decision: await door.token('admin', facts, 'approve') }
    for (const comment of [HALF, `good${HALF}`, '\0'])
      expect(await issuesOf(await door.post('admin', at, { ...body, comment }))).toEqual([400, ['body.comment']])
    const answer = await door.post('admin', at, { ...body, comment: 'whole 😀' })
    expect(await answer.json()).toMatchObject({ status: 'approved' })
  })
})

describe('a number beyond the database’s', () => {
  it.each([
    '/api/v1/missions/duplicate-account-reconciliation?version=2147483648',
    '/api/v1/missions/duplicate-account-reconciliation?version=9007199254740992',
    '/api/v1/runs/x?after=1.99999999999999999999',
  ])('is refused: GET %s', async (path) => {
    expect((await door.get('admin', path)).status).toBe(400)
  })

  it('is refused as a position in a run’s observations', async () => {
    const { run } = await door.propose()
    for (const after of ['18446744073709551616.1', '1.9223372036854775808', '1'])
      expect((await door.get('admin', `/api/v1/runs/${run.id}/observations?after=${after}`)).status).toBe(400)
    const last = '18446744073709551615.9223372036854775807'
    expect((await door.get('admin', `/api/v1/runs/${run.id}/observations?after=${last}`)).status).toBe(200)
  })

  it.each(['1.9223372036854775808', '18446744073709551616.1', '1', 'nonsense'])(
    'as the last position %s of a stream gets reset, and the stream goes on',
    async (last) => {
      const stream = await door.listen('admin', '', last)
      await until('live', () => Promise.resolve(stream.text().includes(': live')))
      expect(stream.events.map(({ event }) => event)).toEqual(['reset'])
      stream.close()
    },
  )
})

it.each(['br', 'gzip', 'deflate'])('a body that is not the %s it says it is, is not understood', async (encoding) => {
  const headers = {
    authorization: `Bearer ${await door.session('manager')}`,
    'content-type': 'application/json',
    'content-encoding': encoding,
    ...key,
  }
  const response = await fetch(door.url + LAUNCH, { method: 'POST', headers, body: '{"subject":{}}' })
  expect(response.status).toBe(400)
})

/** Every text and number in a schema without a bound. */
function unbounded(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { type, maxLength, pattern, maximum } = schema as Record<string, unknown>
  const isBounded = Object.hasOwn(schema, 'enum') || Object.hasOwn(schema, 'const')
  const own =
    (type === 'string' && maxLength === undefined && pattern === undefined && !isBounded) ||
    ((type === 'integer' || type === 'number') && !(Number(maximum) <= 2_147_483_647))
  return [
    ...(own ? [path] : []),
    ...Object.entries(schema).flatMap(([name, part]) => unbounded(part, `${path}/${name}`)),
  ]
}

it('every text and number that a request may hold is bounded', () => {
  const given = [
    ...routes.flatMap(({ path, query, body }) => [query, body].map((schema) => [path, schema] as const)),
    ...Object.entries(mcpTools).map(([name, { input }]) => [name, input] as const),
  ]
  const schemas = given.flatMap(([path, schema]) => (schema ? [[path, schema] as const] : []))
  expect(schemas.length).toBeGreaterThan(10)
  const found = schemas.flatMap(([path, schema]) =>
    unbounded(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }), path),
  )
  expect(found).toEqual([])
})
