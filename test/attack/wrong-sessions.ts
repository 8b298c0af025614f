// Session tokens that the brain must not take, and the right one where it must not look for it.
import { createHmac, generateKeyPairSync, KeyObject, sign as signBytes } from 'node:crypto'
import { ORG_ID, USERS } from '../brain/decisions/acme.ts'
import { PERMISSIONS } from '../brain/decisions/world.ts'
import type { Door } from '../brain/http/server.ts'
import type { Sent } from './sending.ts'

/** How a request is changed by one wrong token. */
export type Forgery = [title: string, of: Pick<Sent, 'headers'> & { query?: string; body?: object }]

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export function wrongSessions(door: Door): Forgery[] {
  const orgKey = KeyObject.from(door.privateKey)
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const seconds = Math.floor(Date.parse(door.clock.now()) / 1000)
  const right = {
    iss: ORG_ID,
    sub: USERS.admin,
    aud: door.url,
    typ: 'session',
    iat: seconds,
    exp: seconds + 300,
    jti: 'a-session-of-the-administrator',
    permissions: [...PERMISSIONS.admin, 'Audit_Missions'],
  }
  const token = (header: unknown, payload: unknown, key: KeyObject = orgKey, hash = 'sha256') => {
    const text = `${encoded(header)}.${encoded(payload)}`
    return `${text}.${signBytes(hash, Buffer.from(text), key).toString('base64url')}`
  }
  const RS256 = { alg: 'RS256' }
  const good = token(RS256, right)
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const hmac = (alg: string, key: string) => {
    const text = `${encoded({ alg })}.${payload}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const bearer = (title: string, value: string): Forgery => [title, { headers: { authorization: `Bearer ${value}` } }]
  const head = (title: string, authorization: string): Forgery => [title, { headers: { authorization } }]
  const claims: Record<string, unknown[]> = {
    iss: [undefined, '', '00D000000000000EAA', ORG_ID.toLowerCase(), [ORG_ID], null],
    sub: [undefined, '', 'admin', null, [USERS.admin], `${USERS.admin} `],
    aud: [
      undefined,
      '',
      `${door.url}/`,
      [door.url, 'x'],
      door.url.toUpperCase(),
      'salesforce-mcp',
      'http://localhost:4000',
    ],
    typ: [undefined, 'decision', 'Session', ['session'], ''],
    jti: [undefined, '', 7],
    iat: [undefined, seconds + 61, seconds + 86_400, 'now', seconds + 0.5, null],
    exp: [undefined, seconds - 61, seconds + 301, seconds + 1e9, 1e300, 'never', null],
    nbf: [seconds + 3_600],
    permissions: [undefined, 'View_Missions', null, { View_Missions: true }],
  }
  const doubled = JSON.stringify(right).replace(/}$/, ',"typ":"decision"}')
  const jwk = stranger.publicKey.export({ format: 'jwk' })
  const byStranger = (more: object) => token({ ...RS256, ...more }, right, stranger.privateKey)
  return [
    ...Object.entries(claims).flatMap(([name, values]) =>
      values.map((value) => bearer(`${name} ${JSON.stringify(value)}`, token(RS256, { ...right, [name]: value }))),
    ),
    bearer('ends before it begins', token(RS256, { ...right, iat: seconds + 50, exp: seconds - 50 })),
    bearer('a key twice', token(RS256, doubled)),
    bearer('a list', token(RS256, [right])),
    bearer('a text', token(RS256, '"session"')),
    bearer('no JSON', token(RS256, 'session')),
    bearer('alg none', `${encoded({ alg: 'none' })}.${payload}.`),
    bearer('alg none with signature', `${encoded({ alg: 'none' })}.${payload}.${signature}`),
    bearer('alg nOnE', `${encoded({ alg: 'nOnE' })}.${payload}.`),
    bearer('no alg', token({}, right)),
    bearer('HS256 with the public key', hmac('HS256', door.orgKey)),
    bearer('HS256 with nothing', hmac('HS256', '')),
    bearer('RS512', token({ alg: 'RS512' }, right, orgKey, 'sha512')),
    bearer('PS256', token({ alg: 'PS256' }, right)),
    bearer('ES256', token({ alg: 'ES256' }, right, curve.privateKey)),
    bearer('signed by a stranger', byStranger({})),
    bearer('its own jwk', byStranger({ jwk })),
    bearer('its own jku', byStranger({ jku: `${door.url}/openapi.json` })),
    bearer('its own x5u', byStranger({ x5u: `${door.url}/openapi.json` })),
    bearer('a kid that is a path', byStranger({ kid: '../../dev/null' })),
    bearer('a kid that is SQL', byStranger({ kid: "' or 1=1 --" })),
    bearer('crit', token({ ...RS256, crit: ['exp2'], exp2: 1 }, right)),
    bearer('b64 false', token({ ...RS256, b64: false, crit: ['b64'] }, right)),
    bearer('signature cut', good.slice(0, -8)),
    bearer('signature left out', `${header}.${payload}.`),
    bearer('signature of another', `${header}.${encoded({ ...right, sub: USERS.second })}.${signature}`),
    bearer('two parts', `${header}.${payload}`),
    bearer('four parts', `${good}.${signature}`),
    bearer('padded', `${good}=`),
    bearer('9 kB', token(RS256, { ...right, more: 'x'.repeat(9_000) })),
    bearer('nonsense', 'nonsense'),
    ['no token', { headers: {} }],
    head('an empty header', ''),
    head('no scheme', good),
    head('Basic', `Basic ${Buffer.from(`admin:${good}`).toString('base64')}`),
    head('two spaces', `Bearer  ${good}`),
    head('a list', `Bearer ${good}, Bearer ${good}`),
    head('a quoted one', `Bearer "${good}"`),
    ['in the query', { headers: {}, query: `access_token=${good}&token=${good}` }],
    ['in a cookie', { headers: { cookie: `session=${good}; access_token=${good}; Authorization=Bearer ${good}` } }],
    [
      'in another header',
      { headers: { 'x-authorization': `Bearer ${good}`, 'proxy-authorization': `Bearer ${good}` } },
    ],
    ['in the body', { headers: {}, body: { access_token: good } }],
    ['for a user in a header', { headers: { 'x-user-id': USERS.admin, 'x-forwarded-user': USERS.admin } }],
  ]
}
