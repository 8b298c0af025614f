// What the Metadata API reads: fields and their picklists, which moved to sets of their own with version 38.0.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import jsforce from 'jsforce'
import { afterAll, describe, expect, it } from 'vitest'
import { openOrgForFile, REP, tokenOf } from '../../support/running-org.ts'
import { post, type Node } from './wire.ts'

const SITE = {
  name: 'Site__c',
  label: 'Site',
  labelPlural: 'Sites',
  keyPrefix: 'a0X',
  access: 'crud',
  shareBy: ['owner'],
  fields: [
    { name: 'Name', type: 'string', length: 80, nillable: false, nameField: true },
    { name: 'Key__c', type: 'string', length: 40, externalId: true, idLookup: true, unique: true },
    { name: 'Beds__c', type: 'double', precision: 6, scale: 2 },
    { name: 'Kind__c', type: 'picklist', picklist: ['Clinic', 'School'], restricted: true },
    { name: 'Account__c', type: 'reference', referenceTo: ['Account'], relationshipName: 'Account__r' },
    { name: 'OwnerId', type: 'reference', referenceTo: ['User'], relationshipName: 'Owner', nillable: false },
  ],
}
const folder = mkdtempSync(join(tmpdir(), 'objects-'))
writeFileSync(join(folder, 'site.json'), JSON.stringify(SITE))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { org, token } = await openOrgForFile({ objects: pathToFileURL(`${folder}/`) })

interface PicklistValue {
  fullName: string
  converted?: string
}

const clientOf = (version: string): jsforce.Connection =>
  new jsforce.Connection({ instanceUrl: org.url, accessToken: token, version })

/** One component as jsforce reads it. */
async function read(version: string, type: string, fullName: string): Promise<Record<string, unknown>> {
  const found: unknown = await clientOf(version).metadata.read(type as 'CustomField', fullName)
  return found as Record<string, unknown>
}

/** Bare calls of the Metadata API, with or without a session. */
async function call(
  content: string,
  session: string | null = token,
  version = '37.0',
): Promise<{ xml: string; fault: Node }> {
  const header = session === null ? '' : `<SessionHeader><sessionId>${session}</sessionId></SessionHeader>`
  const names = 'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"'
  const envelope = `<e:Envelope ${names}><e:Header>${header}</e:Header><e:Body>${content}</e:Body></e:Envelope>`
  return post(`${org.url}/services/Soap/m/${version}`, envelope)
}

const reading = (type: string, ...names: string[]): string =>
  `<readMetadata><type>${type}</type>${names.map((name) => `<fullNames>${name}</fullNames>`).join('')}</readMetadata>`

describe('a standard picklist', () => {
  it.each(['31.0', '37.0'])('has its values in the field at %s, a lead status with what it means', async (version) => {
    const status = await read(version, 'CustomField', 'Lead.Status')
    expect(status).toMatchObject({ fullName: 'Lead.Status', type: 'Picklist' })
    const { picklistValues } = status['picklist'] as { picklistValues: PicklistValue[] }
    const rows = await clientOf(version).query<{ ApiName: string; IsConverted: boolean }>(
      'SELECT ApiName, IsConverted FROM LeadStatus ORDER BY SortOrder',
    )
    expect(picklistValues.map(({ fullName, converted }) => [fullName, converted])).toEqual(
      rows.records.map(({ ApiName, IsConverted }) => [ApiName, String(IsConverted)]),
    )
    expect(picklistValues.filter(({ converted }) => converted === 'true').length).toBeGreaterThan(0)
  })

  it.each(['38.0', '45.0', '67.0'])('has them in a set of its own at %s', async (version) => {
    const status = await read(version, 'CustomField', 'Lead.Status')
    expect(status).toMatchObject({ fullName: 'Lead.Status', type: 'Picklist' })
    expect(Object.keys(status)).not.toContain('picklist')
    const { standardValue } = await read(version, 'StandardValueSet', 'LeadStatus')
    expect(standardValue).toEqual(
      expect.arrayContaining([expect.objectContaining({ fullName: 'Closed - Converted', converted: true })]),
    )
  })

  it('says of a stage whether it ends a deal, and its probability', async () => {
    const { standardValue } = await read('67.0', 'StandardValueSet', 'OpportunityStage')
    expect(standardValue).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ fullName: 'Closed Won', closed: true, won: true, probability: 100 }),
        expect.objectContaining({ fullName: 'Prospecting', closed: false, won: false }),
      ]),
    )
  })
})

describe('a custom field', () => {
  it.each([
    ['Key__c', { externalId: true, length: 40, required: false, type: 'Text', unique: true, caseSensitive: false }],
    ['Beds__c', { externalId: false, precision: 6, required: false, scale: 2, type: 'Number' }],
    ['Account__c', { referenceTo: 'Account', relationshipName: 'Account', required: false, type: 'Lookup' }],
  ])('%s tells its type and what belongs to it', async (name, properties) => {
    const field = await read('67.0', 'CustomField', `Site__c.${name}`)
    expect(field).toMatchObject({ fullName: `Site__c.${name}`, label: name.replace('__c', ''), ...properties })
  })

  it('has the values of a picklist in itself at every version, since 38.0 in another form', async () => {
    const older = await read('37.0', 'CustomField', 'Site__c.Kind__c')
    const value = (fullName: string) => ({ fullName, default: 'false' })
    expect(older['picklist']).toMatchObject({ picklistValues: [value('Clinic'), value('School')], sorted: 'false' })
    expect(Object.keys(older)).not.toContain('valueSet')
    const newer = await read('38.0', 'CustomField', 'Site__c.Kind__c')
    const values = ['Clinic', 'School'].map((name) => ({ fullName: name, default: false, label: name }))
    expect(newer['valueSet']).toMatchObject({ restricted: true, valueSetDefinition: { sorted: false, value: values } })
    expect(Object.keys(newer)).not.toContain('picklist')
  })
})

describe('readMetadata', () => {
  it('answers each name in order, nil where there is none', async () => {
    const names = ['Lead.Status', 'Lead.Nothing', 'Nothing.Status', 'Lead', 'Lead.Id', 'Contact.Phone']
    const { xml } = await call(reading('CustomField', ...names))
    expect([...xml.matchAll(/<records xsi:(type|nil)="\w+"/g)].map(([, kind]) => kind)).toEqual([
      'type',
      'nil',
      'nil',
      'nil',
      'nil',
      'type',
    ])
  })

  it.each([
    [
      'of more than ten names',
      reading('CustomField', ...Array.from({ length: 11 }, () => 'Lead.Status')),
      'EXCEEDED_ID_LIMIT: record limit reached. cannot submit more than 10 records in this operation',
    ],
    [
      'of another type',
      reading('ApexClass', 'Any'),
      'INVALID_TYPE: This type of metadata is not available for this organization',
    ],
    [
      'of a set before 38.0',
      reading('StandardValueSet', 'LeadStatus'),
      'INVALID_TYPE: This type of metadata is not available for this organization',
    ],
  ])('%s is refused', async (_, content, text) => {
    expect((await call(content)).fault).toEqual({ faultcode: `sf:${text.split(':')[0]}`, faultstring: text })
  })

  it('is for those who may modify all data, once they have signed in', async () => {
    const refused = await call(reading('CustomField', 'Lead.Status'), await tokenOf(org.url, REP))
    const needs = 'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions'
    expect(refused.fault['faultstring']).toBe(`INSUFFICIENT_ACCESS: ${needs}`)
    expect((await call(reading('CustomField', 'Lead.Status'), null)).fault['faultcode']).toBe('sf:INVALID_SESSION_ID')
  })
})
