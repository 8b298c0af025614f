// Metadata files in source format, for tests that deploy them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { OrgContent } from '../../src/content/content.ts'
import { readMetadata } from '../../src/content/metadata.ts'
import { SAMPLE } from '../../src/content/sample.ts'

const xml = (root: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</${root}>\n`

/** The files of a small package: a custom object, a field on accounts, a custom permission and a class. */
const PACKAGE: Record<string, string> = {
  'objects/Berth__c/Berth__c.object-meta.xml': xml(
    'CustomObject',
    `<label>Berth</label><pluralLabel>Berths</pluralLabel><enableSearch>true</enableSearch><sharingModel>Private</sharingModel>
    <nameField><displayFormat>B-{0000}</displayFormat><label>Number</label><type>AutoNumber</type></nameField>`,
  ),
  'objects/Berth__c/fields/Key__c.field-meta.xml': xml(
    'CustomField',
    `<fullName>Key__c</fullName><label>Key</label><type>Text</type><length>40</length><required>true</required>
    <unique>true</unique><externalId>true</externalId><caseSensitive>true</caseSensitive>`,
  ),
  'objects/Berth__c/fields/Depth__c.field-meta.xml': xml(
    'CustomField',
    '<fullName>Depth__c</fullName><label>Depth</label><type>Number</type><precision>4</precision><scale>1</scale>',
  ),
  'objects/Account/fields/Home__c.field-meta.xml': xml(
    'CustomField',
    `<fullName>Home__c</fullName><label>Home</label><type>Lookup</type><referenceTo>Berth__c</referenceTo>
    <relationshipName>Guests</relationshipName>`,
  ),
  'customPermissions/Moor.customPermission-meta.xml': xml('CustomPermission', '<label>Moor Ships</label>'),
  'classes/Harbour.cls': 'public class Harbour {}',
}

export const field = (name: string, editable = false): string =>
  `<fieldPermissions><editable>${editable}</editable><field>${name}</field><readable>true</readable></fieldPermissions>`

export const object = (name: string, create = false): string =>
  `<objectPermissions><allowCreate>${create}</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit>
  <allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>${name}</object>
  <viewAllRecords>false</viewAllRecords></objectPermissions>`

/** The sample company with the package deployed, and with permission sets given as the inside of their files; the sellers hold them. */
export function deployed(sets: Record<string, string>): OrgContent {
  const source = mkdtempSync(join(tmpdir(), 'source-'))
  onTestFinished(() => rmSync(source, { recursive: true, force: true }))
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(source, file)), { recursive: true })
    writeFileSync(join(source, file), text)
  }
  for (const [file, text] of Object.entries(PACKAGE)) write(file, text)
  for (const [name, body] of Object.entries(sets)) {
    write(`permissionsets/${name}.permissionset-meta.xml`, xml('PermissionSet', `<label>${name}</label>${body}`))
  }
  const metadata = readMetadata({ source })
  const names = Object.keys(sets)
  return {
    ...SAMPLE,
    objects: [...SAMPLE.objects, ...metadata.objects],
    customPermissions: [...SAMPLE.customPermissions, ...metadata.customPermissions],
    permissionSets: [...SAMPLE.permissionSets, ...metadata.permissionSets],
    apexClasses: metadata.apexClasses,
    people: SAMPLE.people.map((person) => (person.login === 'rep' ? { ...person, permissionSets: names } : person)),
  }
}
