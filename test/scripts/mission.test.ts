import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missionCommand } from '../../scripts/mission/command.ts'
import { securedAs } from '../../scripts/mission/field-security.ts'
import { readerSet, writerSet } from '../../scripts/mission/permission-sets.ts'
import type { Grant } from '../../server/contract/grant.ts'
import { firstVersions, loadCatalog, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { practiceContent } from '../../server/practice/content/content.ts'
import { catalogWith } from '../../server/practice-org/src/schema/catalog.ts'
import { permissionable, permissionName } from '../../server/practice-org/src/rights/rights.ts'

const MISSION = 'duplicate-account-reconciliation'
let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'missions-files-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const code = await missionCommand(argv, (line) => lines.push(line))
  return { code, lines }
}

const shipped = readFileSync(join(SHIPPED_MISSIONS, `${MISSION}.yaml`), 'utf8')
const grants = async () => firstVersions(await loadCatalog()).map(({ grant }) => grant)

describe('npm run mission -- check', () => {
  it('finds the shipped missions well formed', async () => {
    const { code, lines } = await run('check')
    expect(code).toBe(0)
    expect(lines.filter((line) => line.endsWith('is well formed'))).toHaveLength(8)
  })

  it('says of every wrong file what is wrong, with the line, not only of the first', async () => {
    writeFileSync(join(folder, 'a.yaml'), shipped.replace('title:', 'titel:'))
    writeFileSync(join(folder, 'b.yaml'), shipped.replace('knowledge: [account-merge-policy, ', 'knowledge: ['))
    const { code, lines } = await run('check', folder)
    expect(code).toBe(1)
    expect(lines.some((line) => /^a\.yaml:3:\d+ unknown key “titel”/.test(line))).toBe(true)
    expect(lines.some((line) => /^b\.yaml:\d+:\d+ .*account-merge-policy/.test(line))).toBe(true)
  })

  it('names a knowledge document that does not exist', async () => {
    const file = join(folder, 'a.yaml')
    writeFileSync(file, shipped.replace('territory-rules]', 'territory-rules, gone]'))
    const { code, lines } = await run('check', file)
    expect(code).toBe(1)
    expect(lines.some((line) => /^a\.yaml:\d+:\d+ no knowledge document is called gone: put one/.test(line))).toBe(true)
  })

  it('refuses a path that is not there, and a command that it does not have', async () => {
    expect((await run('check', join(folder, 'none.yaml'))).code).toBe(2)
    expect((await run('back-test')).code).toBe(2)
  })
})

describe('npm run mission -- explain', () => {
  it('tells reads, proposals, gates and limits in plain words', async () => {
    const { code, lines } = await run('explain', MISSION)
    const text = lines.join('\n')
    expect(code).toBe(0)
    expect(text).toContain('as soon as a Lead is created')
    expect(text).toContain('2 people from the group RevOps')
    expect(text).toContain('refused (Legal hold)')
    expect(text).toContain('change the lead:\n    Matched_Account__c: company.account')
    expect(text).toContain('Which row of territory-rules §Territories applies to the lead?')
  })

  it('lists the names there are when asked for another', async () => {
    const { code, lines } = await run('explain', 'gone')
    expect(code).toBe(2)
    expect(lines[0]).toContain(MISSION)
  })
})

describe('the permission sets of people', () => {
  const isExclusion = (field: string) => field.startsWith('Mission_Exclusion__c.')
  const isRegister = (field: string) => field.startsWith('Mission_Activation__c.')
  const deployed = ['Account.External_Id__c', 'Account.Legal_Hold__c', 'Account.Region__c', 'Lead.Matched_Account__c']
  const { permissionSets } = practiceContent({ brainUrl: 'http://localhost:4000' })
  const people = permissionSets.filter(({ customPermissions = [] }) => customPermissions.includes('View_Missions'))

  it('show every field that the package adds to accounts and leads', () => {
    expect(people.map(({ name }) => name)).toEqual(
      ['Administrator', 'Auditor', 'Decider', 'Launcher', 'Viewer'].map((name) => `Missions_${name}`),
    )
    for (const { name, fields = [] } of people) {
      const read = fields.filter(({ field }) => /^(Account|Lead)\./.test(field)).map(({ field }) => field)
      expect(read, name).toEqual(deployed)
    }
  })

  it('let a decider edit those of them that the shipped missions write, and nobody else any', async () => {
    const written = (await grants()).flatMap(({ writes }) =>
      Object.entries(writes).flatMap(([object, { fields }]) => fields.map((field) => `${object}.${field}`)),
    )
    for (const { name, fields = [] } of people) {
      const edited = fields
        .filter(({ field, edit }) => edit && !isRegister(field) && !isExclusion(field))
        .map(({ field }) => field)
      const wanted = name === 'Missions_Decider' ? deployed.filter((field) => written.includes(field)) : []
      expect(edited, name).toEqual(wanted)
    }
  })

  it('let an administrator alone say until when records are kept apart and why, and delete that', () => {
    for (const { name, fields = [], objects = [] } of people) {
      const edited = fields.filter(({ field, edit }) => edit && isExclusion(field)).map(({ field }) => field)
      const isAdministrator = name === 'Missions_Administrator'
      expect(edited, name).toEqual(
        isAdministrator ? ['Mission_Exclusion__c.Reason__c', 'Mission_Exclusion__c.Until__c'] : [],
      )
      const [rights] = objects.filter(({ object }) => object === 'Mission_Exclusion__c')
      expect([rights?.create ?? false, rights?.delete ?? false], name).toEqual([false, isAdministrator])
    }
  })

  it('let an administrator withdraw an activation in Salesforce, and let no person create or delete one', () => {
    for (const { name, fields = [], objects = [] } of people) {
      const edited = fields.filter(({ field, edit }) => edit && isRegister(field)).map(({ field }) => field)
      const isAdministrator = name === 'Missions_Administrator'
      expect(
        edited.map((field) => field.slice(22)),
        name,
      ).toEqual(isAdministrator ? ['Reason__c', 'Withdrawn__c'] : [])
      const rights = objects.filter(({ object }) => object === 'Mission_Activation__c')
      const mayEdit = isAdministrator ? [true] : name === 'Missions_Auditor' ? [false] : []
      expect(
        rights.map(({ edit }) => edit === true),
        name,
      ).toEqual(mayEdit)
      for (const right of rights) expect([right.create, right.delete, right.modifyAll]).not.toContain(true)
    }
  })
})

describe('the permission sets of the integration users', () => {
  it('are in force-app as the grants of the shipped missions ask', async () => {
    expect((await run('permissions')).code).toBe(0)
  })

  it('let the reader write nothing', async () => {
    const reader = readerSet(await grants())
    expect(Object.values(reader.fields)).not.toContain(true)
    for (const { create, edit, delete: mayDelete, modifyAll } of Object.values(reader.objects)) {
      expect([create, edit, mayDelete, modifyAll]).toEqual([false, false, false, false])
    }
  })

  it('let the writer edit no field that no grant writes, receipts aside', async () => {
    const all = await grants()
    const granted = all.flatMap(({ writes }) =>
      Object.entries(writes).flatMap(([object, { fields }]) => fields.map((field) => securedAs(object, field))),
    )
    const editable = Object.entries(writerSet(all).fields).flatMap(([field, edit]) => (edit ? [field] : []))
    expect(
      editable.filter(
        (field) => !granted.includes(field) && !/^Mission_(Receipt|Activation|Exclusion)__c\./.test(field),
      ),
    ).toEqual([])
  })

  it('let a writer that converts leads create and edit what they become', async () => {
    const [grant] = await grants()
    const converting: Grant = { ...grant!, writes: { Lead: { kinds: ['convertLead'], fields: [] } } }
    const { objects, userPermissions } = writerSet([converting])
    expect(userPermissions).toContain('ConvertLeads')
    for (const object of ['Account', 'Contact', 'Opportunity']) {
      expect(objects[object], object).toMatchObject({ create: true, edit: true, delete: false, modifyAll: false })
    }
  })

  it('name each field as field-level security does in an org with these objects', async () => {
    const catalog = catalogWith({ content: practiceContent({ brainUrl: 'http://localhost:4000' }) })
    for (const name of Object.keys(readerSet(await grants()).fields)) {
      const [objectName = '', field = ''] = name.split('.')
      const object = catalog.get(objectName)
      const governed = object.fields.filter((each) => permissionable(object, each)).map(permissionName)
      expect(governed, name).toContain(field)
    }
  })
})
