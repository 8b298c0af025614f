// A server between the brain and salesforce-mcp repeats and alters answers: the brain uses none but the one signed for its call.
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest'
import { doorCommand } from '../../../scripts/door/command.ts'
import { httpTransport, openSalesforce } from '../../../server/brain/adapters/salesforce/client.ts'
import { signedFetch } from '../../../server/brain/adapters/salesforce/signed-fetch.ts'
import { remoteSwitch } from '../../../server/brain/adapters/salesforce/switch.ts'
import { ANSWER_HEADER } from '../../../server/contract/call-token.ts'
import { openHttpDoor, type HttpDoor } from '../../../server/salesforce-mcp/http.ts'
import { answers, newCaller, pemOf } from '../../salesforce-mcp/door/door-keys.ts'
import { ORG_ID } from '../../salesforce-mcp/signing.ts'
import { openScriptedHouse, type ScriptedHouse } from '../../salesforce-mcp/scripted-house.ts'

interface Passed {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

const MINUTE_MS = 60_000
const worker = newCaller('worker-1')
let house: ScriptedHouse
let door: HttpDoor
let between: Server
let url: string
/** What becomes of an answer on its way; `asked` is the request's body. */
let change: (passed: Passed, asked: string) => Passed | Promise<Passed>
/** salesforce-mcp's clock, ahead of this process's. */
let ahead = 0

beforeAll(async () => {
  house = await openScriptedHouse()
  between = createServer((incoming, outgoing) => {
    void buffer(incoming).then((content) => {
      const { method, url: path, headers } = incoming
      const target = new URL(door.url)
      const to = request({ hostname: target.hostname, port: target.port, method, path, headers }, (response) => {
        void buffer(response).then(async (received) => {
          const passed = {
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: received.toString('utf8'),
          }
          const given = await change(passed, content.toString('utf8'))
          const { 'content-length': _, 'transfer-encoding': __, ...kept } = given.headers
          outgoing.writeHead(given.status, kept).end(given.body)
        })
      })
      to.once('error', () => outgoing.destroy())
      to.end(content)
    })
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const { port } = between.address() as AddressInfo
  url = `http://127.0.0.1:${port}/mcp`
  await openDoor()
})

async function openDoor(): Promise<void> {
  door = await openHttpDoor(house.mcp, {
    port: 0,
    callers: [worker.listed],
    answerKey: answers.privateKey,
    allowedHosts: [new URL(url).host],
    now: () => new Date(Date.now() + ahead),
  })
}

afterEach(() => (ahead = 0))
afterAll(async () => {
  between.closeAllConnections()
  between.close()
  await door.close()
  await house.close()
})

const ROW = { Username: 'reader@practice.example' }
const ask = async (signed = signedFetch(worker.calling)) => {
  house.org.script = { query: () => [ROW] }
  const salesforce = openSalesforce(() => Promise.resolve(httpTransport(url, signed)))
  try {
    return await salesforce.call('getUserInfo', {}, { runId: null })
  } catch (error) {
    return (error as { error: unknown }).error
  } finally {
    await salesforce.close()
  }
}
const isCall = (asked: string) => asked.includes('getUserInfo')
const NOT_USED = {
  code: 'unavailable',
  retryable: true,
  message: 'salesforce-mcp’s answer is not used: the answer does not bear salesforce-mcp’s signature for this request',
}

describe('an answer', () => {
  it('counts as salesforce-mcp gave it, whatever the two clocks say', async () => {
    change = (passed) => passed
    for (const minutes of [0, 10, -10]) {
      ahead = minutes * MINUTE_MS
      expect(await ask()).toMatchObject({ username: ROW.Username })
    }
  })

  const altered: [title: string, change: (passed: Passed) => Passed | Promise<Passed>][] = [
    ['another value', (passed) => ({ ...passed, body: passed.body.replaceAll('reader@', 'writer@') })],
    ['another status', (passed) => ({ ...passed, status: 202 })],
    ['a space', (passed) => ({ ...passed, body: `${passed.body} ` })],
    ['no signature', (passed) => ({ ...passed, headers: { ...passed.headers, [ANSWER_HEADER]: undefined } })],
    [
      'a signature that is nonsense',
      (passed) => ({ ...passed, headers: { ...passed.headers, [ANSWER_HEADER]: 'a.b.c' } }),
    ],
    [
      'a signature by another key',
      async (passed) => ({ ...passed, headers: { ...passed.headers, [ANSWER_HEADER]: await forged() } }),
    ],
  ]
  it.each(altered)('is not used with %s', async (_title, how) => {
    change = (passed, asked) => {
      if (!isCall(asked) || passed.status !== 200) return passed
      return Promise.resolve(how(passed)).then(({ headers, ...rest }) => ({
        ...rest,
        headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
      }))
    }
    expect(await ask()).toEqual({ ...NOT_USED, orgCode: null })
  })

  it('is not used for another call of the same tool, in the same place of another session', async () => {
    let kept: { passed: Passed; asked: string } | null = null
    change = (passed, asked) => {
      if (!isCall(asked)) return passed
      kept ??= { passed, asked }
      expect(asked).toBe(kept.asked)
      return kept.passed
    }
    const signed = signedFetch(worker.calling)
    expect(await ask(signed)).toMatchObject({ username: ROW.Username })
    expect(await ask(signed)).toEqual({ ...NOT_USED, orgCode: null })
  })

  it('is not used when its time is none of the call’s', async () => {
    const stale = signedAgain(-5 * MINUTE_MS)
    change = async (passed, sent) =>
      isCall(sent) && passed.status === 200
        ? { ...passed, headers: { ...passed.headers, [ANSWER_HEADER]: await stale(passed) } }
        : passed
    expect(await ask()).toEqual({ ...NOT_USED, orgCode: null })
  })

  it('of the command that stops without the brain is asked with its own key', async () => {
    change = (passed) => passed
    const folder = mkdtempSync(join(tmpdir(), 'missions-door-'))
    const file = (name: string, key: KeyObject) => {
      writeFileSync(join(folder, name), pemOf(key))
      return join(folder, name)
    }
    const env = {
      ORG_ID,
      SALESFORCE_MCP_URL: url,
      SALESFORCE_MCP_CALLER: 'worker-1',
      SALESFORCE_MCP_KEY_FILE: file('key.pem', worker.calling.caller.key),
      SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: file('answers.pem', answers.publicKey),
    }
    const lines: string[] = []
    const run = (...argv: string[]) => doorCommand(argv, env, (line) => lines.push(line))
    expect([await run('position'), await run('stop', 'writes:tidy'), await run('position')]).toEqual([0, 0, 0])
    expect(lines).toEqual([
      'writes on, reads on',
      'stopped at salesforce-mcp: writes:tidy',
      'writes on, reads on, writes of tidy stopped',
    ])
    expect(await run('stop', 'everything')).toBe(2)
    await door.close()
    expect(await run('stop')).toBe(2)
    await openDoor()
    rmSync(folder, { recursive: true })
  })

  it('about the switch counts only when it is signed too', async () => {
    const there = remoteSwitch(url, signedFetch(worker.calling))
    change = (passed) => passed
    expect(await there.position()).toMatchObject({ writes: false, reads: false })
    change = (passed) => ({ ...passed, body: passed.body.replace('"writes":"on"', '"writes":"stopped"') })
    expect(await there.position()).toBeNull()
    change = (passed) => ({ ...passed, headers: { 'content-type': 'application/json' } })
    await expect(there.stop('writes')).rejects.toThrow('cannot be reached')
  })
})

describe('a call', () => {
  it('goes on after salesforce-mcp was started anew: its first token is refused, and nothing is done twice', async () => {
    change = (passed) => passed
    const signed = signedFetch(worker.calling)
    expect((await signed(new URL('/writes', url))).status).toBe(200)
    await door.close()
    await openDoor()
    const statuses: number[] = []
    change = (passed) => (statuses.push(passed.status), passed)
    expect((await signed(new URL('/writes', url))).status).toBe(200)
    expect(statuses).toEqual([401, 200])
  })

  it('of a process whose key or scope is refused holds with that reason', async () => {
    change = (passed) => passed
    expect(await ask(newCaller('stranger').fetch)).toMatchObject({
      code: 'unavailable',
      message: 'salesforce-mcp refuses this process’s key or scope (401)',
    })
  })
})

const forged = () =>
  new SignJWT({}).setProtectedHeader({ alg: 'EdDSA' }).sign(generateKeyPairSync('ed25519').privateKey)

/** Signs an answer again, as of another time. */
function signedAgain(offsetMs: number) {
  return async ({ headers }: Passed): Promise<string> => {
    const [head = '', payload = ''] = String(headers[ANSWER_HEADER]).split('.')
    const parse = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
    const claims = parse(payload)
    return new SignJWT({ ...claims, iat: Number(claims.iat) + offsetMs / 1000 })
      .setProtectedHeader(parse(head) as { alg: string })
      .sign(answers.privateKey)
  }
}
