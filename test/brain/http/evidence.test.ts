import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INC, USERS } from '../decisions/acme.ts'
import { answerIn } from '../decisions/answering.ts'
import { HOLD_SECONDS, SETTLE_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

const VERIFIER = join(import.meta.dirname, '../../../server/brain/evidence/verify.mjs')
const VISIBILITY_KEPT_SECONDS = 301

interface Given {
  checkpointKeys: unknown[]
  orgKeys: unknown[]
  anchors: Set<string> | null
}
const { proved } = (await import(VERIFIER)) as { proved(folder: string, given: Given): string[] }

let door: Door
let folder = ''
let runId = ''
let given: Given
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'missions-evidence-'))
  door = await openDoor()
  await decided('second', 'reject')
  runId = await decided('admin', 'approve')
  await door.store.checkpoint()
  const [checkpointKey, orgKey] = [door.checkpointPem, door.orgKey].map((pem) => createPublicKey(pem))
  given = { checkpointKeys: [checkpointKey], orgKeys: [orgKey], anchors: null }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function decided(who: 'admin' | 'second', verb: 'approve' | 'reject'): Promise<string> {
  const facts = await door.propose()
  await answerIn(door)(facts, who, verb, verb === 'reject' ? { reason: 'wrong-survivor' } : {})
  for (const seconds of [HOLD_SECONDS, SETTLE_SECONDS, 0]) {
    door.clock.pass(seconds)
    await door.advance(facts.run.id)
  }
  return facts.run.id
}

/** The pack as a caller gets it, unpacked by the system's own tar. */
async function unpacked(name: string): Promise<string> {
  const response = await door.get('auditor', `/api/v1/runs/${runId}/evidence`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-tar'])
  const target = join(folder, name)
  mkdirSync(target)
  execFileSync('tar', ['-xf', '-', '-C', target], { input: Buffer.from(await response.arrayBuffer()) })
  return target
}

const read = (pack: string, name: string) => readFileSync(join(pack, name), 'utf8')

/** Exchanges a file and makes the manifest fit, as whoever hands on the pack can. */
function exchange(pack: string, name: string, text: string): void {
  writeFileSync(join(pack, name), text)
  const manifest = JSON.parse(read(pack, 'manifest.json')) as Record<string, string>
  manifest[name] = createHash('sha256').update(text).digest('hex')
  writeFileSync(join(pack, 'manifest.json'), JSON.stringify(manifest))
}

type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** Every way to change one scalar of a JSON value, with the path to it. */
function* changes(value: Json, path = ''): Generator<[string, Json]> {
  if (value !== null && typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) {
      for (const [where, changed] of changes(child, `${path}/${key}`)) {
        const copy = Array.isArray(value) ? [...value] : { ...value }
        ;(copy as Record<string, Json>)[key] = changed
        yield [where, copy]
      }
    }
  } else yield [path, typeof value === 'string' ? `${value}0` : typeof value === 'number' ? value + 1 : 'other']
}

describe('the evidence of a run', () => {
  it('is verified by the file in it, started by itself, with keys from outside', async () => {
    const pack = await unpacked('itself')
    writeFileSync(join(folder, 'checkpoint.pem'), door.checkpointPem)
    writeFileSync(join(folder, 'org.pem'), door.orgKey)
    const keys = ['--checkpoint-key', join(folder, 'checkpoint.pem'), '--org-key', join(folder, 'org.pem')]
    const said = execFileSync(process.execPath, [join(pack, 'verify.mjs'), ...keys], { encoding: 'utf8' })
    expect(said).toContain(`run ${runId}: done, verdict verified`)
    expect(said).toMatch(new RegExp(`approve of decision \\S+ v1 by ${USERS.admin}`))
    expect(said).toContain('Everything adds up')
  })

  it('names the anchors of the org that are its checkpoints', async () => {
    const pack = await unpacked('anchored')
    const journal = await door.store.journal(runId)
    const anchor = journal.find(({ key }) => key.startsWith('anchor-'))?.answer as string
    const lines = proved(pack, { ...given, anchors: new Set([anchor]) })
    expect(lines).toContainEqual(expect.stringMatching(/^1 of \d checkpoints are anchored in the org$/))
  })

  it('shows no other run, and withholds what the caller may not see', async () => {
    door.salesforce.hidden.set(USERS.auditor, new Set([INC, 'Account.AnnualRevenue']))
    door.clock.pass(VISIBILITY_KEPT_SECONDS)
    const pack = await unpacked('hidden')
    door.salesforce.hidden.clear()
    door.clock.pass(VISIBILITY_KEPT_SECONDS)
    const text = readdirSync(pack)
      .map((name) => read(pack, name))
      .join('')
    for (const { id } of await door.store.runs({ limit: 10 })) expect(text.includes(id)).toBe(id === runId)
    expect([text.includes('2500000'), text.includes(INC)]).toEqual([false, false])
    expect(read(pack, 'change-sets.json')).toContain('"commitment"')
    expect(proved(pack, given)).toContain('Everything adds up')
  })

  it('does not hold with any byte changed, in any file', async () => {
    const pack = await unpacked('bytes')
    for (const name of readdirSync(pack)) {
      const bytes = readFileSync(join(pack, name))
      for (let at = 0; at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 40))) {
        const changed = Buffer.from(bytes)
        changed[at] = changed[at]! ^ 1
        writeFileSync(join(pack, name), changed)
        expect(() => proved(pack, given), `${name}, byte ${at}`).toThrow()
      }
      writeFileSync(join(pack, name), bytes)
    }
    expect(proved(pack, given)).toContain('Everything adds up')
  })

  it('does not hold with any value changed, though the manifest was made to fit', async () => {
    const pack = await unpacked('values')
    const still: string[] = []
    let count = 0
    for (const name of readdirSync(pack).filter((each) => each.endsWith('.json') && each !== 'manifest.json')) {
      const text = read(pack, name)
      for (const [path, changed] of changes(JSON.parse(text) as Json)) {
        exchange(pack, name, JSON.stringify(changed))
        count += 1
        try {
          proved(pack, given)
          still.push(name + path)
        } catch {
          continue
        }
      }
      exchange(pack, name, text)
    }
    expect(still).toEqual([])
    expect(count).toBeGreaterThan(300)
  })

  it('does not hold with a part left out, or under other keys', async () => {
    const pack = await unpacked('parts')
    for (const name of ['ledger.json', 'journal.json', 'checkpoints.json', 'change-sets.json', 'tokens.json']) {
      const text = read(pack, name)
      exchange(pack, name, JSON.stringify((JSON.parse(text) as Json[]).slice(0, -1)))
      expect(() => proved(pack, given), name).toThrow()
      exchange(pack, name, text)
    }
    const others = [generateKeyPairSync('ed25519').publicKey]
    expect(() => proved(pack, { ...given, checkpointKeys: others })).toThrow('not signed with a key given')
    const rsa = [generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey]
    expect(() => proved(pack, { ...given, orgKeys: rsa })).toThrow('not signed with a key of the org')
    writeFileSync(join(pack, 'more.json'), '{}')
    expect(() => proved(pack, given)).toThrow('more.json is not in the manifest')
  })

  it('is for auditors, and of runs they may see', async () => {
    expect((await door.get('admin', `/api/v1/runs/${runId}/evidence`)).status).toBe(403)
    const run = await door.store.run(runId)
    door.salesforce.hidden.set(USERS.auditor, new Set([run?.subject?.id ?? '']))
    door.clock.pass(VISIBILITY_KEPT_SECONDS)
    expect((await door.get('auditor', `/api/v1/runs/${runId}/evidence`)).status).toBe(404)
    door.salesforce.hidden.clear()
  })
})
