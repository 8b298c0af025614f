// The list of callers: what is refused at the start of salesforce-mcp, and how the command makes keys.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { doorCommand } from '../../scripts/door/command.ts'
import { keyId, Scope } from '../../server/contract/call-token.ts'
import { endingSoon, readCallers, type CallerEntry } from '../../server/settings/callers.ts'

const folder = mkdtempSync(join(tmpdir(), 'missions-callers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NOW = new Date('2026-11-30T12:00:00Z')
const at = (days: number) => new Date(NOW.getTime() + days * 86_400_000).toISOString()
const pem = (type: 'ed25519' | 'x25519' = 'ed25519') =>
  generateKeyPairSync(type as 'ed25519')
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString()
const entry = (changes: Partial<Record<keyof CallerEntry, unknown>> = {}) => ({
  name: 'web',
  key: pem(),
  scopes: ['read'],
  notBefore: at(-10),
  notAfter: at(80),
  ...changes,
})
const reading = (entries: unknown) => () => {
  const path = join(folder, 'list.json')
  writeFileSync(path, typeof entries === 'string' ? entries : JSON.stringify(entries))
  return readCallers(path, NOW)
}

describe('the list of callers', () => {
  it('takes keys of at most ninety days, two of a caller while one is replaced', () => {
    const keys = reading([entry(), entry({ notAfter: at(1) }), entry({ name: 'worker-1', scopes: Scope.options })])()
    expect(keys.map(({ name, scopes }) => [name, scopes.length])).toEqual([
      ['web', 1],
      ['web', 1],
      ['worker-1', 4],
    ])
  })

  it('goes on with the next key of a caller when the one before has ended, and leaves that one out', () => {
    const ended = entry({ notBefore: at(-90), notAfter: at(0) })
    const keys = reading([ended, entry()])()
    expect(keys.map(({ notAfter }) => new Date(notAfter).toISOString())).toEqual([at(80)])
  })

  it('names callers whose last key ends within a fortnight', () => {
    const two = [entry({ notAfter: at(3) }), entry({ notAfter: at(60) })]
    const keys = reading([...two, entry({ name: 'worker-1', notAfter: at(13) }), entry({ name: 'worker-2' })])()
    expect(endingSoon(keys, NOW)).toEqual([{ name: 'worker-1', endsAt: at(13) }])
  })

  const key = pem()
  it.each<[title: string, entries: unknown, why: RegExp]>([
    [
      'a key that is older than ninety days',
      [entry({ notBefore: at(-91), notAfter: at(-1) })],
      /last key of web ended on 2026-11-29/,
    ],
    ['a key that may be used for longer', [entry({ notAfter: at(81) })], /web may be used for other than 1 to 90 days/],
    ['a key that ends before it begins', [entry({ notAfter: at(-11) })], /other than 1 to 90 days/],
    [
      'a key that two share',
      [entry({ key }), entry({ key, name: 'worker-1' })],
      /stands twice: each process has its own/,
    ],
    [
      'a private key',
      [entry({ key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) })],
      /no Ed25519 public key/,
    ],
    ['a key of another kind', [entry({ key: pem('x25519') })], /no Ed25519 public key/],
    ['a scope that is none', [entry({ scopes: ['admin'] })], /no list of callers \(0\.scopes\.0/],
    ['no scope', [entry({ scopes: [] })], /no list of callers/],
    ['a name that is none', [entry({ name: 'Web 1' })], /no list of callers \(0\.name/],
    ['an unknown word', [{ ...entry(), admin: true }], /no list of callers/],
    ['no caller', [], /no list of callers/],
    ['no JSON', 'web', /not JSON/],
  ])('refuses %s', (_title, entries, why) => {
    expect(reading(entries)).toThrow(why)
    expect(reading(entries)).toThrow(/^SALESFORCE_MCP_CALLERS_FILE leads to /)
  })
})

describe('npm run door', () => {
  const lines: string[] = []
  const run = (...argv: string[]) => doorCommand(argv, {}, (line) => lines.push(line))
  const file = (name: string) => join(folder, name)
  const callers = ['--callers-file', file('callers.json')]

  it('makes a key for each caller, lists it, and writes over none', async () => {
    const add = (name: string, what: string, keyFile = `${name}.pem`) =>
      run('add-caller', name, '--for', what, '--key-file', file(keyFile), ...callers)
    expect([await add('web', 'http'), await add('worker-1', 'jobs'), await add('web', 'http', 'web-2.pem')]).toEqual([
      0, 0, 0,
    ])
    const listed = readCallers(file('callers.json'), new Date())
    expect(listed.map(({ name, scopes }) => [name, scopes.join(' ')])).toEqual([
      ['web', 'read decide switch'],
      ['worker-1', 'read write switch'],
      ['web', 'read decide switch'],
    ])
    const ids = ['web.pem', 'worker-1.pem', 'web-2.pem'].map((name) =>
      keyId(createPrivateKey(readFileSync(file(name)))),
    )
    expect(listed.map(({ key: each }) => keyId(each))).toEqual(ids)
    expect(statSync(file('web.pem')).mode & 0o777).toBe(0o600)
    const before = readFileSync(file('callers.json'), 'utf8')
    expect(await add('web', 'http')).toBe(1)
    expect(lines.at(-1)).toMatch(/web\.pem is there already$/)
    expect([await add('Web 1', 'http'), await add('x', 'everything'), await run('add-caller'), await run()]).toEqual([
      2, 2, 2, 2,
    ])
    expect(readFileSync(file('callers.json'), 'utf8')).toBe(before)
  })

  it('makes the key of the answers, with its public half beside it', async () => {
    expect(await run('answer-key', '--key-file', file('answers.pem'))).toBe(0)
    const [whole, half] = ['answers.pem', 'answers.pub.pem'].map((name) => readFileSync(file(name), 'utf8'))
    expect([whole, half].map((text) => text?.split('\n')[0])).toEqual([
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN PUBLIC KEY-----',
    ])
  })

  it('names the settings that it misses', async () => {
    expect(await run('position')).toBe(1)
    expect(lines.at(-1)?.split('\n')).toHaveLength(5)
  })
})
