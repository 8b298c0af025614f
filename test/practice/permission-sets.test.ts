// The practice org has the permission sets that the package deploys.
import { XMLParser } from 'fast-xml-parser'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPracticeOrg, type PracticeOrg } from '../../server/practice-org/src/compose.ts'

const FOLDER = join(import.meta.dirname, '../../force-app/main/default/permissionsets')
const ENDING = '.permissionset-meta.xml'

interface Metadata {
  PermissionSet: { label: string; customPermissions?: { name: string; enabled: boolean }[] }
}

const parser = new XMLParser({ isArray: (name) => name === 'customPermissions' })
const deployed = globSync(join(FOLDER, `*${ENDING}`)).map((path) => {
  const { PermissionSet: set } = parser.parse(readFileSync(path, 'utf8')) as Metadata
  const custom = (set.customPermissions ?? []).filter(({ enabled }) => enabled).map(({ name }) => name)
  return { name: basename(path, ENDING), label: set.label, custom: custom.sort() }
})

describe('the permission sets of the practice org', () => {
  let practice: PracticeOrg
  beforeAll(async () => {
    practice = await startPracticeOrg({ port: 0, eventsPort: 0, dataDir: null, brainUrl: 'http://localhost:9' })
  })
  afterAll(() => practice?.close())

  const records = (soql: string): Record<string, unknown>[] => {
    const { org } = practice
    const admin = org.user('admin@practice.example')
    return org.query({ userId: admin?.id ?? '', api: 'rest', version: '65.0' }, soql).records
  }

  it('have the names, labels and custom permissions of the deployed ones', () => {
    const permissions = new Map(
      records('SELECT Id, DeveloperName FROM CustomPermission').map((row) => [row['Id'], String(row['DeveloperName'])]),
    )
    const accesses = records('SELECT ParentId, SetupEntityId FROM SetupEntityAccess')
    const sets = records("SELECT Id, Name, Label FROM PermissionSet WHERE Name LIKE 'Missions%'").map((row) => ({
      name: row['Name'],
      label: row['Label'],
      custom: accesses
        .filter((access) => access['ParentId'] === row['Id'])
        .map((access) => permissions.get(access['SetupEntityId']))
        .sort(),
    }))
    const byName = (a: { name: unknown }, b: { name: unknown }): number => (String(a.name) < String(b.name) ? -1 : 1)
    expect(deployed.length).toBe(7)
    expect(sets.sort(byName)).toEqual(deployed.sort(byName))
  })
})
