import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { doctorCommand } from '../../scripts/doctor/command.ts'
import { lightningOrigin } from '../../scripts/doctor/check-setup.ts'
import { SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { brainProcess } from '../../server/practice/processes.ts'
import { startStack, type Stack } from '../support/stack.ts'

let stack: Stack
let practice: Record<string, string>
beforeAll(async () => {
  stack = await startStack({ size: 5 })
  const stamp = JSON.parse(readFileSync(join(stack.options.dataDir, 'stamp.json'), 'utf8')) as { orgId: string }
  practice = brainProcess(stack.options, stamp.orgId).env
})
afterAll(() => stack[Symbol.asyncDispose]())

async function examine(change: Record<string, string | undefined> = {}, argv: string[] = []) {
  const lines: string[] = []
  const env = { ...practice, ...change }
  const code = await doctorCommand(
    argv,
    env,
    () => new Date(),
    (line) => lines.push(line),
  )
  return { code, lines, line: (start: string) => lines.find((line) => line.slice(2).startsWith(start)) }
}

describe('npm run doctor on the practice org', () => {
  it('finds everything right but what only the operator can tell', async () => {
    const { code, lines } = await examine()
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual([])
    expect(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(2, 27))).toEqual([
      'The writer’s key is apart',
    ])
    expect(code).toBe(0)
  })

  it('finds the practice org by itself from the data folder', async () => {
    const { options } = stack
    const env = {
      DATA_DIR: options.dataDir,
      PORT: String(options.brainPort),
      PRACTICE_ORG_PORT: String(options.orgPort),
      PRACTICE_EVENTS_PORT: String(options.eventsPort),
    }
    const lines: string[] = []
    expect(
      await doctorCommand(
        ['--practice'],
        env,
        () => new Date(),
        (line) => lines.push(line),
      ),
    ).toBe(0)
    expect(lines.at(-1)).toMatch(/ right, 0 wrong, 1 to look at/)
  })

  it('tells a reader that can write, with where to take that away', async () => {
    const { code, line, lines } = await examine({
      SF_READER_CLIENT_ID: practice.SF_WRITER_CLIENT_ID,
      SF_READER_USERNAME: practice.SF_WRITER_USERNAME,
      SF_READER_KEY_FILE: practice.SF_WRITER_KEY_FILE,
    })
    expect(code).toBe(1)
    expect(line('The reader can write nothing')).toMatch(/^✗.*may write .*Account/)
    expect(line('Reader and writer are two users')).toMatch(/^✗/)
    expect(lines[lines.indexOf(line('The reader can write nothing') ?? '') + 1]).toContain('Setup → Users')
  })

  it('tells a writer that cannot write', async () => {
    const { line } = await examine({
      SF_WRITER_CLIENT_ID: practice.SF_READER_CLIENT_ID,
      SF_WRITER_USERNAME: practice.SF_READER_USERNAME,
      SF_WRITER_KEY_FILE: practice.SF_READER_KEY_FILE,
    })
    expect(line('The writer can write')).toMatch(/^✗.*cannot create Mission_Receipt__c.*edit Account/)
  })

  it('tells that one administrator alone activates no new mission', async () => {
    const admin = await stack.as('admin')
    const held = "Assignee.Username = 'second@practice.example' AND PermissionSet.Name = 'Missions_Administrator'"
    const [one] = await admin.query(`SELECT Id, AssigneeId, PermissionSetId FROM PermissionSetAssignment WHERE ${held}`)
    await admin.remove('PermissionSetAssignment', one!.Id)
    expect((await examine({})).line('Two people can activate')).toMatch(/^✗.*1 active user has Administer_Missions/)
    const { AssigneeId, PermissionSetId } = one!
    await admin.create('PermissionSetAssignment', { AssigneeId, PermissionSetId })
    expect((await examine({})).line('Two people can activate')).toMatch(/^✓.*2 active users/)
  })

  it('tells a trigger that waits for a field which the org has not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'missions-doctor-'))
    const source = readFileSync(join(SHIPPED_MISSIONS, 'lead-triage.yaml'), 'utf8')
    const trigger = '{ change: Lead.updated, fields: [Compny, City] }\n  - { event: Nowhere__e }'
    writeFileSync(join(folder, 'm.yaml'), source.replace('{ change: Lead.created, after: 30s }', trigger))
    const { line } = await examine({ MISSIONS_DIR: folder })
    rmSync(folder, { recursive: true })
    expect(line('Triggers name fields')).toMatch(/^✗.*does not see, Lead\.Compny \(lead-triage\)$/)
    expect(line('The Pub/Sub API')).toMatch(/^✗.*Nowhere__e/)
  })

  it('gives the org’s own reason when a user cannot sign in', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const file = join(stack.options.dataDir, 'keys', 'foreign.pem')
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { code, line } = await examine({ SF_READER_KEY_FILE: file })
    expect(code).toBe(1)
    expect(line('The reader signs in')).toMatch(/^✗.*the org refuses the sign-in/)
  })

  it.each([
    ['another org behind the settings', { ORG_ID: '00D000000000002EAA' }, 'The org is the one of ORG_ID'],
    ['an org that does not answer', { SF_LOGIN_URL: 'http://127.0.0.1:9' }, 'The org can be reached'],
    ['a Pub/Sub API that does not answer', { SF_PUBSUB_ENDPOINT: 'localhost:9' }, 'The Pub/Sub API'],
    ['an origin that is not allowed', { ALLOWED_ORIGINS: 'https://example.com' }, 'Pages of the org'],
    ['no public address', { PUBLIC_URL: undefined }, 'Public address'],
    ['an org key that is none', { SF_ORG_KEY_FILES: import.meta.filename }, 'Org key'],
    ['a private key that is none', { SF_WRITER_KEY_FILE: import.meta.filename }, 'Private keys'],
  ])('tells %s', async (_, change, name) => {
    const { code, line } = await examine(change)
    expect(code).toBe(1)
    expect(line(name)).toMatch(/^✗/)
  })

  it('gives one line for each setting that is missing', async () => {
    const { code, lines } = await examine({ ORG_ID: undefined, SF_READER_USERNAME: undefined })
    expect(code).toBe(1)
    expect(lines.filter((line) => line.startsWith('✗ Settings: '))).toHaveLength(2)
  })
})

describe('where an org’s pages come from', () => {
  it('is the Lightning origin of its My Domain, sandboxes too', () => {
    expect(lightningOrigin('https://acme.my.salesforce.com')).toBe('https://acme.lightning.force.com')
    expect(lightningOrigin('https://acme--dev.sandbox.my.salesforce.com')).toBe(
      'https://acme--dev.sandbox.lightning.force.com',
    )
    expect(lightningOrigin('http://localhost:4400')).toBe('http://localhost:4400')
  })
})
