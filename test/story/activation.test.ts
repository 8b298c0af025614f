// Guarantee 10 on the whole product: no administrator alone lowers a gate, and what was withdrawn or replaced stays closed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import { grantHash, type Grant } from '../../server/contract/grant.ts'
import { startChild, type Child } from '../../server/practice/child.ts'
import type { Options } from '../../server/practice/options.ts'
import { brainProcess, brainUrl, orgUrl } from '../../server/practice/processes.ts'
import { startBrain, startOrg } from '../../server/practice/supervisor.ts'
import { attack, type Attacker } from '../support/attacker.ts'
import { signIn, type Person } from '../support/person.ts'
import { freeOptions } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'
import { createTwins, createTwinsLead } from '../support/twins.ts'

const NAME = 'duplicate-account-reconciliation'
const SHIPPED = join(import.meta.dirname, '../../server/brain')
const GRACE_MS = 10_000
const DAY_MS = 86_400_000

interface Mission {
  version: number
  active: boolean
  activeVersion: number | null
  activeUntil: string | null
  activatedBy: string | null
  signedFirstBy: string | null
  waiting: { by: string; widenings: string[] } | null
  withdrawn: { by: string; reason: string } | null
  notice: string | null
  grant: Grant
}

const folder = mkdtempSync(join(tmpdir(), 'missions-catalog-'))
let options: Options
let org: Child
let brain: Child
let admin: Person
let second: Person
let attacker: Attacker
const closing: Attacker[] = []

beforeAll(async () => {
  cpSync(join(SHIPPED, 'missions/catalog', `${NAME}.yaml`), join(folder, `${NAME}.yaml`))
  cpSync(join(SHIPPED, 'knowledge/catalog'), join(folder, 'knowledge'), { recursive: true })
  options = await freeOptions({ missionsDir: folder, holdSeconds: 3 })
  org = await startOrg(options)
  brain = await startBrain(options, org)
  ;[admin, second] = await Promise.all([as('admin'), as('second')])
  attacker = await attacking()
}, 120_000)
afterAll(async () => {
  for (const each of closing) await each.close()
  await brain?.stop(GRACE_MS)
  await org?.stop(GRACE_MS)
  for (const path of [folder, options.dataDir]) rmSync(path, { recursive: true, force: true })
})

const as = (name: string) => signIn(orgUrl(options), brainUrl(options), name)
async function attacking(laterMs = 0): Promise<Attacker> {
  const made = await attack({ options, orgUrl: orgUrl(options), as }, laterMs)
  closing.push(made)
  return made
}
const mission = (version: number) => admin.get<Mission>(`/missions/${NAME}?version=${version}`)
const signed = (person: Person, { grant }: Mission) =>
  person.decide(`mission:${NAME}@${grant.version}`, grantHash(grant), 'activate', [])
async function activate(person: Person, version: number): Promise<{ status: number; body: Mission }> {
  const decision = await signed(person, await mission(version))
  const answer = await person.send(`/missions/${NAME}/activate`, { version, decision })
  return { status: answer.status, body: (await answer.json()) as Mission }
}
const idOf = async (person: Person, login: string) =>
  (await person.query(`SELECT Id FROM User WHERE Username = '${login}@practice.example'`))[0]!.Id
const written = async (leadId: string) =>
  (await admin.query(`SELECT Id FROM Lead WHERE Id = '${leadId}' AND Matched_Account__c != null`)).length

/** Changes the mission's file and starts the brain again, which installs the next version and activates nothing. */
async function install(change: (yaml: string) => string): Promise<void> {
  const file = join(folder, `${NAME}.yaml`)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  await brain.stop(GRACE_MS)
  writeFileSync(file, after)
  brain = await startChild(brainProcess(options, String(org.ready.orgId)))
}

async function proposed(name: string): Promise<{ leadId: string; decision: Awaited<ReturnType<typeof openDecision>> }> {
  await createTwins(admin, name, { amount: 1000 })
  const leadId = await createTwinsLead(admin, name)
  return { leadId, decision: await openDecision(admin, leadId) }
}

describe('a version that lowers the gate', () => {
  let spare: AcceptedDecision

  it('was preceded by one that two administrators activated, for a year', async () => {
    const first = await mission(1)
    expect(first).toMatchObject({ active: true, activeVersion: 1, waiting: null, withdrawn: null })
    expect(first.signedFirstBy).toBe(await idOf(admin, 'admin'))
    expect(first.activatedBy).toBe(await idOf(admin, 'second'))
    const days = (Date.parse(first.activeUntil!) - Date.now()) / DAY_MS
    expect(Math.round(days)).toBe(365)
    const rows = await admin.query('SELECT Mission__c, Version__c, Grant__c, Withdrawn__c FROM Mission_Activation__c')
    expect(rows).toMatchObject([
      { Mission__c: NAME, Version__c: 1, Grant__c: grantHash(first.grant), Withdrawn__c: false },
    ])
    spare = await attacker.accept(await signed(admin, first))
  })

  it('waits for a second administrator, names what it lowers, and changes nothing', async () => {
    await install((yaml) => yaml.replace('needs: 2, from: group:RevOps', 'needs: 1, from: group:RevOps'))
    for (let tries = 0; tries < 2; tries += 1) {
      const { status, body } = await activate(admin, 2)
      expect([status, body.active, body.activeVersion]).toEqual([200, false, 1])
      expect(body.waiting?.widenings).toEqual([
        'When merge.movesAmount >= 100000, the gate asks 1 of group:RevOps, it asked 2',
      ])
      expect(body.notice).toMatch(/second administrator .* Nothing has changed yet/)
    }
  }, 120_000)

  it('is activated by no brain that signs twice, hides the version before, or brings another', async () => {
    const [{ grant: strict }, { grant: easy }] = await Promise.all([mission(1), mission(2)])
    const one = await attacker.accept(await signed(admin, await mission(2)))
    const again = await attacker.accept(await signed(admin, await mission(2)))
    for (const before of [strict, easy, null]) {
      expect(await attacker.activate(easy, before, [one, again])).toMatchObject({ needs: 2, endsAt: null })
    }
    await expect(attacker.open(easy)).rejects.toMatchObject({ error: { code: 'inactive' } })
    expect((await mission(2)).activeVersion).toBe(1)
  })

  it('is active once the second administrator signs', async () => {
    const { status, body } = await activate(second, 2)
    expect([status, body.active, body.waiting]).toEqual([200, true, null])
    expect([body.signedFirstBy, body.activatedBy]).toEqual([await idOf(admin, 'admin'), await idOf(admin, 'second')])
  })

  it('leaves the version before open for its open decisions, and no longer; its signatures activate it no more', async () => {
    const [first, { grant: easy }] = await Promise.all([mission(1), mission(2)])
    const past = await attacking(7 * DAY_MS)
    await expect(past.open(first.grant)).rejects.toMatchObject({
      error: { code: 'inactive', message: expect.stringMatching(/^superseded on/) },
    })
    await expect(past.open(easy)).resolves.toBe(grantHash(easy))
    await expect(attacker.activate(first.grant, easy, [spare])).rejects.toMatchObject({
      error: { code: 'refused', message: expect.stringMatching(/after this signature was given/) },
    })
  })

  it('ends by itself', async () => {
    const { grant: easy } = await mission(2)
    const later = await attacking(366 * DAY_MS)
    await expect(later.open(easy)).rejects.toMatchObject({
      error: { code: 'inactive', message: expect.stringMatching(/^ended on/) },
    })
  })
})

describe('a mission that is withdrawn', () => {
  it('in Salesforce, by a checkbox, writes nothing of what was approved before; one signature activates it again', async () => {
    const { leadId, decision } = await proposed('Marigold Press')
    expect((await admin.approve(decision)).status).toBe(200)
    const [row] = await second.query('SELECT Id FROM Mission_Activation__c ORDER BY Name DESC LIMIT 1')
    await second.update('Mission_Activation__c', row!.Id, { Withdrawn__c: true, Reason__c: 'Too eager' })
    const held = await runThatIs(admin, leadId, ['held', 'done', 'failed'])
    expect([held.status, held.reason]).toEqual([
      'held',
      expect.stringMatching(/^Not active \(withdrawn on [\d-]+\): activate the mission or cancel the run$/),
    ])
    expect(await written(leadId)).toBe(0)
    await expect(attacker.open((await mission(2)).grant)).rejects.toMatchObject({ error: { code: 'inactive' } })

    const { status, body } = await activate(admin, 2)
    expect([status, body.active, body.waiting, body.signedFirstBy]).toEqual([200, true, null, null])
    const done = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([done.status, done.verdict, await written(leadId)]).toEqual(['done', 'verified', 1])
    expect((await activate(admin, 2)).status).toBe(409)
  }, 120_000)

  it('over the brain’s API needs a reason, is recorded with it in the org, and makes its runs hold until it is activated again', async () => {
    const withdraw = (person: Person, reason: string) => person.send(`/missions/${NAME}/withdraw`, { reason })
    expect((await withdraw(await as('rep'), 'No more')).status).toBe(403)
    expect((await withdraw(second, '')).status).toBe(400)
    expect((await withdraw(second, 'Merged what it should not')).status).toBe(200)
    expect((await withdraw(second, 'Twice')).status).toBe(409)
    const view = await mission(2)
    expect(view).toMatchObject({
      active: false,
      activeVersion: null,
      withdrawn: { reason: 'Merged what it should not' },
    })
    expect(view.notice).toMatch(/^Withdrawn on .*: Merged what it should not\./)
    const [row] = await admin.query(
      'SELECT Withdrawn__c, Reason__c, Activated_By__c FROM Mission_Activation__c ORDER BY Name DESC LIMIT 1',
    )
    const by = await idOf(admin, 'second')
    expect(row).toMatchObject({ Withdrawn__c: true, Reason__c: 'Merged what it should not', Activated_By__c: by })
    expect((await activate(admin, 2)).body).toMatchObject({ active: true, withdrawn: null, notice: null })
  })
})
