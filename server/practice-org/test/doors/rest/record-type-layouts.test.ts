import { afterEach, describe, expect, it } from 'vitest'
import { openOrgForFile, practice, REP, rest, tokenOf } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()
const MASTER = '012000000000000AAA'

interface Layout {
  id: string
  detailLayoutSections: Section[]
  editLayoutSections: Section[]
  relatedLists: { name: string; sobject: string; columns: { fieldApiName: string }[] }[]
}
interface Section {
  heading: string
  columns: number
  layoutRows: { layoutItems: Item[] }[]
}
interface Item {
  required: boolean
  placeholder: boolean
  editableForUpdate: boolean
  layoutComponents: { value: string; fieldType?: string; components?: { value: string }[] }[]
}
interface Mapping {
  developerName: string
  layoutId: string
  recordTypeId: string
  picklistsForRecordType: { picklistName: string; picklistValues: { value: string; defaultValue: boolean }[] }[]
}
interface Layouts {
  layouts: Layout[] | null
  recordTypeMappings: Mapping[]
  recordTypeSelectorRequired: boolean[]
}

const read = async <T>(path: string, as = token): Promise<T> => (await rest(org.url, as, path)).body as T
const order = (rules: object) => practice(org.url, '/automation', rules)
afterEach(() => order({}))

const mappings = async (object = 'Account', as = token): Promise<Map<string, Mapping>> => {
  const { recordTypeMappings } = await read<Layouts>(`/sobjects/${object}/describe/layouts`, as)
  return new Map(recordTypeMappings.map((mapping) => [mapping.developerName, mapping]))
}
const layoutOf = async (recordType: string, as = token): Promise<Layout> => {
  const id = (await mappings('Account', as)).get(recordType)?.recordTypeId ?? ''
  return read<Layout>(`/sobjects/Account/describe/layouts/${id}`, as)
}
const items = (sections: Section[]): Item[] =>
  sections.flatMap(({ layoutRows }) => layoutRows.flatMap(({ layoutItems }) => layoutItems))
const fields = (sections: Section[]): string[] =>
  items(sections).flatMap(({ layoutComponents }) => layoutComponents.map(({ value }) => value))

describe('the layouts of an object', () => {
  it('are told at once where there is one record type at most, and one by one where there are several', async () => {
    const accounts = await read<Layouts>('/sobjects/Account/describe/layouts')
    expect(accounts).toMatchObject({ layouts: null, recordTypeSelectorRequired: [true] })
    expect(accounts.recordTypeMappings.map(({ developerName }) => developerName)).toEqual([
      'Customer',
      'Partner',
      'PersonAccount',
      'Master',
    ])
    const leads = await read<Layouts>('/sobjects/Lead/describe/layouts')
    expect(leads.recordTypeSelectorRequired).toEqual([false])
    expect(leads.layouts?.map(({ id }) => id)).toEqual(leads.recordTypeMappings.map(({ layoutId }) => layoutId))
    expect((await rest(org.url, token, '/sobjects/Lead/describe/layouts/012000000000009AAA')).status).toBe(404)
  })

  it('are of persons for record types of persons, of companies for the others', async () => {
    const [person, company] = [await layoutOf('PersonAccount'), await layoutOf('Customer')]
    const shown = { person: fields(person.detailLayoutSections), company: fields(company.detailLayoutSections) }
    expect(shown.person).toEqual(expect.arrayContaining(['Name', 'PersonEmail', 'PersonMailingAddress', 'Phone']))
    expect(shown.company).toEqual(expect.arrayContaining(['Name', 'Industry', 'BillingAddress']))
    expect(shown.company.filter((name) => name.startsWith('PersonM') || name.endsWith('__pc'))).toEqual([])
    expect((await mappings()).get('Master')?.layoutId).toBe(company.id)
    const name = items(person.editLayoutSections).find(({ layoutComponents: [first] }) => first?.value === 'Name')
    expect(name).toMatchObject({ editableForUpdate: true, required: true })
    expect(name?.layoutComponents[0]?.components?.map(({ value }) => value)).toEqual([
      'LastName',
      'FirstName',
      'Salutation',
    ])
  })

  it('follow an order, by record type and profile, and show nobody what he may not read', async () => {
    const sections = [
      {
        heading: 'Who',
        fields: [{ field: 'Name', required: true }, { field: 'AnnualRevenue', readOnly: true }, '', 'BillingAddress'],
      },
    ]
    await order({
      pageLayouts: [
        { object: 'Account', name: 'Partner Layout', recordTypes: ['Partner'], sections },
        {
          object: 'Account',
          name: 'Seller Layout',
          recordTypes: ['Partner'],
          profiles: ['Sales User'],
          sections: [{ heading: 'Short', columns: 1, fields: ['Name', 'AnnualRevenue'] }],
          relatedLists: [{ relationship: 'Contacts', fields: ['Name', 'Email', 'Nothing__c'] }],
        },
      ],
    })
    const layout = await layoutOf('Partner')
    expect(layout.detailLayoutSections).toMatchObject([{ heading: 'Who', columns: 2 }])
    const shown = items(layout.detailLayoutSections)
    expect(shown.map((each) => [each.layoutComponents[0]?.value, each.required, each.placeholder])).toEqual([
      ['Name', true, false],
      ['AnnualRevenue', false, false],
      [undefined, false, true],
      ['BillingAddress', false, false],
    ])
    expect(shown[3]?.layoutComponents[0]).toMatchObject({ fieldType: 'address' })
    expect(shown[3]?.layoutComponents[0]?.components?.map(({ value }) => value)).toContain('BillingCity')
    expect(fields(layout.editLayoutSections)).not.toContain('AnnualRevenue')

    const rep = await tokenOf(org.url, REP)
    const seller = await layoutOf('Partner', rep)
    expect(fields(seller.detailLayoutSections)).toEqual(['Name'])
    expect(seller.relatedLists).toMatchObject([
      {
        name: 'Contacts',
        label: 'Contacts',
        sobject: 'Contact',
        columns: [{ fieldApiName: 'Name' }, { fieldApiName: 'Email' }],
      },
    ])
    const ids = [layout.id, seller.id, (await layoutOf('Customer')).id]
    expect(new Set(ids).size).toBe(3)
  })

  it('are found by name where an order names them', async () => {
    const sections = [{ heading: 'Short', fields: ['Name'] }]
    await order({ pageLayouts: [{ object: 'Account', name: 'Short', named: true, sections }] })
    const named = await read<Layouts>('/sobjects/Account/describe/namedLayouts/Short')
    expect(named.layouts?.map((layout) => fields(layout.detailLayoutSections))).toEqual([['Name']])
    expect(await read('/sobjects/Account/describe')).toMatchObject({ namedLayoutInfos: [{ name: 'Short' }] })
    expect(await read('/sobjects/User/describe')).toMatchObject({ namedLayoutInfos: [{ name: 'UserAlt' }] })
  })

  it('are not ordered of fields that are not there', async () => {
    const sections = [{ heading: 'Short', fields: ['Name', 'Nothing__c'] }]
    const refused = await order({ pageLayouts: [{ object: 'Account', name: 'Short', sections }] })
    expect(refused).toMatchObject([{ message: 'pageLayouts[0]: Account has no field Nothing__c' }])
  })
})

describe('a compact layout', () => {
  it('follows an order by record type; the system’s own shows the rest', async () => {
    const rule = { object: 'Account', name: 'Partner_Card', label: 'Partner card', recordTypes: ['Partner'] }
    await order({ compactLayouts: [{ ...rule, fields: ['Name', 'Phone', 'Website'] }] })
    const all = await read<{
      compactLayouts: { id: string | null; label: string }[]
      defaultCompactLayoutId: string | null
      recordTypeCompactLayoutMappings: { recordTypeName: string; compactLayoutName: string; recordTypeId: string }[]
    }>('/sobjects/Account/describe/compactLayouts')
    expect(all.compactLayouts.map(({ label }) => label).toSorted()).toEqual(['Partner card', 'System Default'])
    expect(all.defaultCompactLayoutId).toBeNull()
    const shown = all.recordTypeCompactLayoutMappings.map((each) => [each.recordTypeName, each.compactLayoutName])
    expect(shown).toEqual([
      ['Customer', 'SYSTEM'],
      ['Partner', 'Partner_Card'],
      ['Person Account', 'SYSTEM'],
      ['Master', 'SYSTEM'],
    ])
    const id = all.recordTypeCompactLayoutMappings[1]?.recordTypeId ?? ''
    const partner = await read<{ fieldItems: Item[] }>(`/sobjects/Account/describe/compactLayouts/${id}`)
    expect(partner.fieldItems.map(({ layoutComponents: [first] }) => first?.value)).toEqual([
      'Name',
      'Phone',
      'Website',
    ])
  })
})

describe('the picklists of a record type', () => {
  const picklist = { object: 'Account', recordType: 'Partner', field: 'Industry' }

  it('are told with the layouts, and begin new records and their defaults', async () => {
    await order({ recordTypePicklists: [{ ...picklist, values: ['Banking', 'Energy'], default: 'Energy' }] })
    const all = await mappings()
    const industries = (name: string) =>
      all.get(name)?.picklistsForRecordType.find(({ picklistName }) => picklistName === 'Industry')?.picklistValues ??
      []
    expect(industries('Partner').map(({ value, defaultValue }) => [value, defaultValue])).toEqual([
      ['Banking', false],
      ['Energy', true],
    ])
    expect(industries('Customer').length).toBeGreaterThan(2)

    const RecordTypeId = all.get('Partner')?.recordTypeId ?? ''
    const begins = (id: string) => read(`/sobjects/Account/defaultValues?recordTypeId=${id}&fields=Industry`)
    expect(await begins(RecordTypeId)).toMatchObject({ Industry: 'Energy' })
    expect(await begins(MASTER)).toMatchObject({ Industry: null })
    expect((await rest(org.url, token, '/sobjects/Account/defaultValues?recordTypeId=012000000000009')).status).toBe(
      404,
    )
    const made = await rest(org.url, token, '/sobjects/Account', {
      method: 'POST',
      body: JSON.stringify({ Name: 'Acme', RecordTypeId }),
    })
    const { id } = made.body as { id: string }
    expect(await read(`/sobjects/Account/${id}?fields=Industry`)).toMatchObject({ Industry: 'Energy' })
  })
})
