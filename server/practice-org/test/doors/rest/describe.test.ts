import { describe, expect, it } from 'vitest'
import { openOrgForFile, practice, REP, rest, startOrg, tokenOf } from '../../support/running-org.ts'

const words = (text: string): string[] => text.trim().split(/\s+/).sort()

/** The keys of a real org's describe (docs/sources.md#describe). */
const SUMMARY = words(`activateable associateEntityType associateParentEntity createable custom customSetting
  deepCloneable deletable deprecatedAndHidden feedEnabled hasSubtypes isInterface isSubtype keyPrefix label labelPlural
  layoutable mergeable mruEnabled name queryable replicateable retrieveable searchable triggerable undeletable
  updateable urls`)
const DESCRIBE = words(`${SUMMARY.join(' ')} actionOverrides compactLayoutable defaultImplementation extendedBy
  extendsInterfaces fields childRelationships implementedBy implementsInterfaces listviewable lookupLayoutable
  namedLayoutInfos networkScopeFieldName recordTypeInfos searchLayoutable sobjectDescribeOption supportedScopes`)
const FIELD = words(`aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete
  caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate
  dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable
  filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label
  length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey
  precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete
  restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead`)
const CHILD = words(`cascadeDelete childSObject deprecatedAndHidden field junctionIdListNames junctionReferenceTo
  relationshipName restrictedDelete`)
const RECORD_TYPE = words('active available defaultRecordTypeMapping developerName master name recordTypeId urls')
const PICK = words('active defaultValue label validFor value')

interface Described {
  name: string
  urls: Record<string, string>
  fields: Field[]
  childRelationships: object[]
  recordTypeInfos: { recordTypeId: string; master: boolean; name: string }[]
  supportedScopes: { name: string }[]
}
interface Field {
  name: string
  type: string
  controllerName: string | null
  dependentPicklist: boolean
  picklistValues: { value: string; validFor: string | null }[]
  [key: string]: unknown
}

const { org, token } = await openOrgForFile()

const read = async <T>(path: string, as = token): Promise<T> => (await rest(org.url, as, path)).body as T
const described = (object: string, as = token) => read<Described>(`/sobjects/${object}/describe`, as)
const keys = (value: object): string[] => Object.keys(value).sort()

describe('a description', () => {
  it('has the keys of an org for every object, its fields, children and record types', async () => {
    const { sobjects } = await read<{ sobjects: { name: string; custom: boolean }[] }>('/sobjects')
    const objects = sobjects.filter(({ name }) => !name.endsWith('__e'))
    expect(objects.length).toBeGreaterThan(40)
    for (const summary of objects) expect([summary.name, keys(summary)]).toEqual([summary.name, SUMMARY])
    for (const { name } of objects) {
      const one = await described(name)
      expect([name, keys(one)]).toEqual([name, DESCRIBE])
      for (const field of one.fields) {
        expect([name, field.name, keys(field)]).toEqual([name, field.name, FIELD])
        for (const pick of field.picklistValues) expect(keys(pick)).toEqual(PICK)
      }
      for (const child of one.childRelationships) expect(keys(child)).toEqual(CHILD)
      for (const info of one.recordTypeInfos) expect(keys(info)).toEqual(RECORD_TYPE)
    }
  })

  it('says where the resources and the pages of an object are', async () => {
    const { urls } = await described('Account')
    expect(keys(urls)).toEqual(
      words(`sobject describe rowTemplate layouts compactLayouts approvalLayouts listviews quickActions
        uiDetailTemplate uiEditTemplate uiNewRecord defaultValues`),
    )
    expect(urls['uiDetailTemplate']).toMatch(/^https?:\/\/[^/]+\/\{ID\}$/)
    for (const name of ['layouts', 'compactLayouts', 'approvalLayouts', 'listviews', 'quickActions']) {
      expect((await rest(org.url, token, String(urls[name]).replace('/services/data/v62.0', ''))).status).toBe(200)
    }
  })

  it('goes with the values a new record begins with', async () => {
    expect(await read('/sobjects/Case/defaultValues?recordTypeId&fields')).toMatchObject({
      attributes: { type: 'Case' },
      Status: 'New',
      Priority: 'Medium',
    })
    const some = await read('/sobjects/Case/defaultValues?fields=Status,Subject')
    expect(some).toEqual({ attributes: { type: 'Case' }, Status: 'New', Subject: null })
  })

  it('hides fields and objects that the user may not see', async () => {
    const rep = await tokenOf(org.url, REP)
    const names = (one: Described): string[] => one.fields.map(({ name }) => name)
    expect(names(await described('Account'))).toContain('AnnualRevenue')
    expect(names(await described('Account', rep))).not.toContain('AnnualRevenue')
    expect((await rest(org.url, rep, '/sobjects/Shipment__c/describe')).status).toBe(404)
    const { sobjects } = await read<{ sobjects: { name: string }[] }>('/sobjects', rep)
    expect(sobjects.map(({ name }) => name)).not.toContain('Shipment__c')
  })

  it('lists the scopes a query may use, and record types with the layout of each', async () => {
    const account = await described('Account')
    expect(account.supportedScopes.map(({ name }) => name)).toEqual([
      'everything',
      'mine',
      'mine_and_my_groups',
      'team',
    ])
    expect(account.recordTypeInfos.at(-1)).toMatchObject({ recordTypeId: '012000000000000AAA', master: true })
    const layouts = await read<{ recordTypeMappings: { recordTypeId: string }[] }>('/sobjects/Account/describe/layouts')
    expect(layouts.recordTypeMappings.map(({ recordTypeId }) => recordTypeId)).toEqual(
      account.recordTypeInfos.map(({ recordTypeId }) => recordTypeId),
    )
    for (const { recordTypeId } of account.recordTypeInfos) {
      const layout = await read(`/sobjects/Account/describe/layouts/${recordTypeId}`)
      expect(layout).toMatchObject({ detailLayoutSections: [{ heading: 'Account Information' }] })
    }
    expect((await rest(org.url, token, '/sobjects/Account/describe/layouts/012000000000999AAA')).status).toBe(404)
    expect(await read('/compactLayouts?q=Account,Contact')).toMatchObject({ Contact: { objectType: 'Contact' } })
  })

  it('tells which values of a dependent picklist are valid, as bits over the controlling values', async () => {
    const { fields } = await described('Account')
    const values = (name: string) => fields.find((field) => field.name === name)?.picklistValues ?? []
    const [controlling, dependent] = [values('Type'), values('Rating')]
    const [first, , third] = controlling.map(({ value }) => value)
    const [hot, warm] = dependent.map(({ value }) => value)
    await practice(org.url, '/automation', {
      dependentPicklists: [
        {
          object: 'Account',
          field: 'Rating',
          controlledBy: 'Type',
          allowed: { [String(first)]: [hot, warm], [String(third)]: [warm] },
        },
      ],
    })
    const after = (await described('Account')).fields.find(({ name }) => name === 'Rating')
    expect(after).toMatchObject({ controllerName: 'Type', dependentPicklist: true })
    const bits = after?.picklistValues.map(({ validFor }) => Buffer.from(validFor ?? '', 'base64')[0])
    expect(bits).toEqual([0b1000_0000, 0b1010_0000, 0])
    await practice(org.url, '/automation', {})
  })
})

it('a history says whose it is, and the list of past activities is that of no object', async () => {
  const org = await startOrg()
  const token = await tokenOf(org.url)
  const told = async (object: string) => (await rest(org.url, token, `/sobjects/${object}/describe`)).body
  const history = { associateEntityType: 'History', associateParentEntity: 'Opportunity' }
  expect(await told('OpportunityFieldHistory')).toMatchObject(history)
  expect(await told('ActivityHistory')).toMatchObject({ associateEntityType: null, associateParentEntity: null })
  await org.close()
})

it('a description that is known is told again once rules or rights have changed it, to whom they concern', async () => {
  const org = await startOrg()
  const [admin, rep] = [await tokenOf(org.url), await tokenOf(org.url, REP)]
  const path = '/sobjects/Account/describe'
  const tell = async (token: string, known = '') => {
    const { status, headers } = await rest(org.url, token, path, {
      headers: known ? { 'if-modified-since': known } : {},
    })
    return { status, modified: headers.get('last-modified') ?? known }
  }
  const [first, ofRep] = [await tell(admin), await tell(rep)]
  expect((await tell(admin, first.modified)).status).toBe(304)
  await practice(org.url, '/automation', {
    dependentPicklists: [{ object: 'Account', field: 'Rating', controlledBy: 'Type', allowed: { Prospect: ['Hot'] } }],
  })
  const second = await tell(admin, first.modified)
  expect(second.status).toBe(200)
  expect((await tell(admin, second.modified)).status).toBe(304)
  expect((await tell(rep, (await tell(rep, ofRep.modified)).modified)).status).toBe(304)
  await org.close()
})

it('the schema of change events, which names every field, is for those who may hear of them', async () => {
  const org = await startOrg()
  const [admin, rep] = [await tokenOf(org.url), await tokenOf(org.url, REP)]
  const { body } = await rest(org.url, admin, '/sobjects/Opportunity/eventSchema?payloadFormat=COMPACT')
  expect(body).toMatchObject({ name: 'OpportunityChangeEvent' })
  const { uuid } = body as { uuid: string }
  for (const path of ['/sobjects/Opportunity/eventSchema', `/event/eventSchema/${uuid}`]) {
    expect((await rest(org.url, admin, path)).status).toBe(200)
    expect((await rest(org.url, rep, path)).status).toBe(404)
  }
  await org.close()
})
