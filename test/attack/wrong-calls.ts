// Tokens that salesforce-mcp must not take, and right ones where it must not look for them.
import { createHmac, generateKeyPairSync, randomUUID, sign as signBytes, type KeyObject } from 'node:crypto'
import { bodyDigest, CALL_TYPE, keyId, salesforceMcpName } from '../../server/contract/call-token.ts'
import { ORG_ID } from '../salesforce-mcp/signing.ts'
import { pemOf, type Known } from '../salesforce-mcp/door/door-keys.ts'
import type { Sent } from './sending.ts'

/** What a wrong call is made from. */
export interface Around {
  /** `http://127.0.0.1:…` */
  origin: string
  challenge: string
  /** Of another salesforce-mcp, or of the time before a restart. */
  otherChallenge: string
  /** With every scope, and with all but `write`; the other two are listed with a key that ended, and one that is not in use yet. */
  right: Known
  reader: Known
  ended: Known
  early: Known
}

type Address = Omit<Sent, 'headers'>
type Made = { headers: Sent['headers']; query?: string }

export interface WrongCall {
  title: string
  status: 401 | 403
  at(address: Address): Made
  /** Whether it is wrong at this address; everywhere when left out. */
  where?: (address: Address) => boolean
}

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

function signed(header: unknown, payload: unknown, key: KeyObject, hash: string | null = null): string {
  const text = `${encoded(header)}.${encoded(payload)}`
  return `${text}.${signBytes(hash, Buffer.from(text), key).toString('base64url')}`
}

const headerOf = ({ calling }: Known) => ({ alg: 'EdDSA', typ: CALL_TYPE, kid: keyId(calling.caller.key) })

function claimsFor({ origin, challenge }: Around, { calling }: Known, { method, path, body }: Address) {
  const seconds = Math.floor(Date.now() / 1000)
  return {
    iss: calling.caller.name,
    aud: salesforceMcpName(ORG_ID),
    iat: seconds,
    exp: seconds + 60,
    jti: randomUUID(),
    scope: calling.scopes.join(' '),
    htm: method,
    htu: origin + path,
    nonce: challenge,
    body: bodyDigest(body ?? ''),
  }
}

/** A right token, as a thief would have it. */
export const rightToken = (around: Around, known: Known, address: Address): string =>
  signed(headerOf(known), claimsFor(around, known, address), known.calling.caller.key)

const bearer = (token: string): Made => ({ headers: { authorization: `Bearer ${token}` } })

export function wrongCalls(around: Around): WrongCall[] {
  return [
    ...wrongClaims(around),
    ...wrongHeaders(around),
    ...wrongSignatures(around),
    ...wrongKeys(around),
    ...wrongPlaces(around),
  ]
}

function wrongClaims(around: Around): WrongCall[] {
  const { origin, right, otherChallenge, challenge } = around
  const now = Math.floor(Date.now() / 1000)
  const values: Record<string, unknown[]> = {
    iss: [undefined, '', 'another', 'RIGHT', 'reader', [right.calling.caller.name], null],
    aud: [
      undefined,
      '',
      'salesforce-mcp',
      salesforceMcpName('00D000000000009EAA'),
      [salesforceMcpName(ORG_ID)],
      origin,
    ],
    iat: [undefined, now + 600, now - 600, now + 86_400, 'now', now + 0.5, null],
    exp: [undefined, now - 60, now + 61 + 60, now + 86_400, 1e300, 'never', null, 0],
    nbf: [now + 600, 'soon', null],
    jti: [undefined, '', 'short', 7, 'x'.repeat(65)],
    htm: [undefined, '', 'get', 'PATCH', null],
    htu: [undefined, '', '/mcp', `${origin}/other`, `${origin}/mcp/`, 'https://127.0.0.1/mcp', `${origin}/mcp?x`],
    nonce: [
      undefined,
      '',
      'nonce',
      otherChallenge,
      challenge.slice(0, -1),
      challenge.replace(/^\d/, '2'),
      `${challenge}x`,
    ],
    scope: [undefined, '', null, ['read'], { read: true }],
    body: [undefined, '', null, 'x'.repeat(43), bodyDigest('{"jsonrpc":"2.0"}')],
  }
  const foreign = ['admin', 'read admin', 'read  decide', 'READ', ' read', 'read,decide']
  const readsBody = ({ method, path }: Address) =>
    (method === 'POST' && /^\/(mcp$|writes\/st)/i.test(path)) || (method === 'GET' && path === '/writes')
  const withClaims = (title: string, changes: object, status: 401 | 403): WrongCall => ({
    title,
    status,
    at: (address) => {
      const payload = { ...claimsFor(around, right, address), ...changes }
      return bearer(signed(headerOf(right), payload, right.calling.caller.key))
    },
  })
  const withClaim = (name: string, value: unknown, status: 401 | 403): WrongCall => ({
    ...withClaims(`${name} ${JSON.stringify(value)}`, { [name]: value }, status),
    // What the body is, only a request whose body is read shows.
    ...(name === 'body' && typeof value === 'string' && value.length === 43 && { where: readsBody }),
  })
  return [
    ...Object.entries(values).flatMap(([name, each]) => each.map((value) => withClaim(name, value, 401))),
    ...foreign.map((scope) => withClaim('scope', scope, 403)),
    withClaims('made for later', { iat: now + 30, exp: now + 90 }, 401),
    withClaims('for longer than a minute', { iat: now - 30, exp: now + 31 }, 401),
  ]
}

function wrongHeaders(around: Around): WrongCall[] {
  const { right, reader } = around
  const key = right.calling.caller.key
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const good = headerOf(right)
  const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const by = (title: string, header: object, signer: KeyObject = key, hash: string | null = null): WrongCall => ({
    title,
    status: 401,
    at: (address) => bearer(signed(header, claimsFor(around, right, address), signer, hash)),
  })
  const unsigned = (title: string, alg: string, end = ''): WrongCall => ({
    title,
    status: 401,
    at: (address) => bearer(`${encoded({ ...good, alg })}.${encoded(claimsFor(around, right, address))}.${end}`),
  })
  const hmac = (title: string, secret: string): WrongCall => ({
    title,
    status: 401,
    at: (address) => {
      const text = `${encoded({ ...good, alg: 'HS256' })}.${encoded(claimsFor(around, right, address))}`
      return bearer(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`)
    },
  })
  const without = (name: keyof typeof good) =>
    Object.fromEntries(Object.entries(good).filter(([each]) => each !== name))
  return [
    unsigned('alg none', 'none'),
    unsigned('alg nOnE', 'nOnE'),
    unsigned('alg none with a signature', 'none', 'AAAA'),
    unsigned('alg EdDSA without a signature', 'EdDSA'),
    hmac('HS256 with the public key', pemOf(right.listed.key)),
    hmac('HS256 with nothing', ''),
    by('alg ES256', { ...good, alg: 'ES256' }, curve.privateKey, 'sha256'),
    by('alg RS256', { ...good, alg: 'RS256' }, rsa.privateKey, 'sha256'),
    by('alg RS256 over an Ed25519 signature', { ...good, alg: 'RS256' }),
    by('no alg', without('alg')),
    by('no typ', without('typ')),
    by('typ JWT', { ...good, typ: 'JWT' }),
    by('typ of an answer', { ...good, typ: 'missions-answer+jwt' }),
    by('no kid', without('kid')),
    by('a kid that is unknown', { ...good, kid: 'a'.repeat(43) }),
    by('a kid that is a path', { ...good, kid: '../../dev/null' }),
    by('a kid that is __proto__', { ...good, kid: '__proto__' }),
    by('a kid that is a list', { ...good, kid: [good.kid] }),
    by('the kid of another caller', headerOf(reader)),
    by('its own jwk', { ...good, jwk }, generateKeyPairSync('ed25519').privateKey),
    by('its own jku', { ...good, jku: `${around.origin}/keys` }, generateKeyPairSync('ed25519').privateKey),
    by('crit', { ...good, crit: ['exp2'], exp2: 1 }),
    by('b64 false', { ...good, b64: false, crit: ['b64'] }),
  ]
}

function wrongSignatures(around: Around): WrongCall[] {
  const { right } = around
  const from = (title: string, change: (token: string, address: Address) => string): WrongCall => ({
    title,
    status: 401,
    at: (address) => bearer(change(rightToken(around, right, address), address)),
  })
  const lettersChanged = Array.from({ length: 20 }, (_, n) =>
    from(`letter ${n * 4} of the signature changed`, (token) => {
      const at = token.lastIndexOf('.') + 1 + n * 4
      return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    }),
  )
  const cut = Array.from({ length: 10 }, (_, n) =>
    from(`without its last ${n + 1}`, (token) => token.slice(0, -(n + 1))),
  )
  return [
    ...lettersChanged,
    ...cut,
    from('the signature of another token', (token, address) => {
      const other = rightToken(around, right, address)
      return token.slice(0, token.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'))
    }),
    from('two parts', (token) => token.slice(0, token.lastIndexOf('.'))),
    from('four parts', (token) => `${token}.${token.split('.')[2]}`),
    from('padded', (token) => `${token}=`),
    from('doubled', (token) => token + token),
    from('in capitals', (token) => token.toUpperCase()),
    from('quoted', (token) => `"${token}"`),
    from('a comma', (token) => `${token},`),
    from('nonsense', () => 'nonsense'),
    from('undefined', () => 'undefined'),
    from('9 kB', (token) => `${token.split('.')[0]}.${'a'.repeat(9_000)}.x`),
    from('no JSON', (token) => `${encoded('call')}.${encoded('call')}.${token.split('.')[2]}`),
  ]
}

function wrongKeys(around: Around): WrongCall[] {
  const { right, reader, ended, early } = around
  const stranger = generateKeyPairSync('ed25519').privateKey
  const by = (title: string, known: Known, key = known.calling.caller.key, status: 401 | 403 = 401): WrongCall => ({
    title,
    status,
    at: (address) => bearer(signed(headerOf(known), claimsFor(around, known, address), key)),
  })
  return [
    by('a key that ended', ended),
    by('a key that is not in use yet', early),
    by('a key that no list names, under the right kid', right, stranger),
    by('the key of another caller, under the right kid', right, reader.calling.caller.key),
    {
      title: 'the claims of another caller under one’s own key',
      status: 401,
      at: (address) => bearer(signed(headerOf(reader), claimsFor(around, right, address), reader.calling.caller.key)),
    },
    {
      title: 'the scope of another caller',
      status: 403,
      at: (address) => {
        const payload = { ...claimsFor(around, reader, address), scope: right.calling.scopes.join(' ') }
        return bearer(signed(headerOf(reader), payload, reader.calling.caller.key))
      },
    },
    {
      title: 'for another request of the same caller',
      status: 401,
      at: (address) => bearer(rightToken(around, right, { ...address, path: `${address.path}x` })),
    },
  ]
}

function wrongPlaces(around: Around): WrongCall[] {
  const { right } = around
  const place = (title: string, made: (token: string) => Made): WrongCall => ({
    title,
    status: 401,
    at: (address) => made(rightToken(around, right, address)),
  })
  const head = (title: string, text: (token: string) => string) =>
    place(title, (token) => ({ headers: { authorization: text(token) } }))
  const schemes = ['Basic', 'Digest', 'Token', 'JWT', 'DPoP', 'Negotiate', 'bearers', 'Bear er'].map((scheme) =>
    head(scheme, (token) => `${scheme} ${token}`),
  )
  return [
    place('none', () => ({ headers: {} })),
    head('an empty header', () => ''),
    head('no value', () => 'Bearer '),
    head('no scheme', (token) => token),
    head('a list', (token) => `Bearer ${token}, Bearer ${token}`),
    head('two spaces', (token) => `Bearer  ${token}`),
    head('more after it', (token) => `Bearer ${token} x`),
    place('in a cookie', (token) => ({ headers: { cookie: `token=${token}; Authorization=Bearer ${token}` } })),
    place('in another header', (token) => ({ headers: { 'x-authorization': `Bearer ${token}`, 'x-api-key': token } })),
    place('for a proxy', (token) => ({ headers: { 'proxy-authorization': `Bearer ${token}` } })),
    place('in the query', (token) => ({ headers: {}, query: `?access_token=${token}` })),
    place('in the query as token', (token) => ({
      headers: {},
      query: `?token=${token}&authorization=Bearer%20${token}`,
    })),
    ...schemes,
  ]
}
