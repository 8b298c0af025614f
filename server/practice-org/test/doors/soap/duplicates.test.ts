import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { practice } from '../../support/running-org.ts'
import { openWire, sObject, type Node, type Wire } from './wire.ts'

let wire: Wire
let known: string
beforeAll(async () => {
  wire = await openWire()
  known = await wire.create('Lead', { FirstName: 'Lin', LastName: 'Lee', Company: 'Lumen', Email: 'lin@lumen.example' })
  const rule = { object: 'Lead', action: 'block', message: 'You have this one.' }
  await practice(wire.org.url, '/automation', { duplicateRules: [rule] })
})
afterAll(() => wire.close())

const twin = { FirstName: 'Lin', LastName: 'Lee', Company: 'Other', Email: 'lin@lumen.example' }
const node = (value: unknown): Node => value as Node
const matches = (result: Node | undefined) => node(node(result?.['duplicateResults'])['matchResults'])
const recordOf = (result: Node | undefined) => node(node(matches(result)['matchRecords'])['record'])

describe('findDuplicates over SOAP', () => {
  it('finds by values what a save would meet, by the rule that would refuse it', async () => {
    const { results } = await wire.call('findDuplicates', sObject('Lead', twin))
    expect(results[0]).toMatchObject({ success: 'true' })
    expect(results[0]?.['duplicateResults']).toMatchObject({
      allowSave: 'false',
      duplicateRule: 'Standard_Lead_Duplicate_Rule',
      duplicateRuleEntityType: 'Lead',
    })
    expect(matches(results[0])).toMatchObject({ entityType: 'Lead', size: '1', success: 'true' })
    expect(recordOf(results[0])).toMatchObject({ type: 'Lead', Id: known })
    expect(recordOf(results[0])['LastName']).toBeUndefined()
  })

  it('shows more of the records when asked to', async () => {
    const headers = '<DuplicateRuleHeader><includeRecordDetails>true</includeRecordDetails></DuplicateRuleHeader>'
    const { results } = await wire.call('findDuplicates', sObject('Lead', twin), { headers })
    expect(recordOf(results[0])).toMatchObject({ Id: known, Name: 'Lin Lee' })
  })

  it('finds by id, and by id with other values', async () => {
    const byId = await wire.call('findDuplicatesByIds', `<ids>${known}</ids>`)
    expect(matches(byId.results[0])).toBeUndefined()
    const other = await wire.create('Lead', { FirstName: 'Lin', LastName: 'Lee', Company: 'x' })
    const { results } = await wire.call('findDuplicates', sObject('Lead', { Id: other, Email: 'lin@lumen.example' }))
    expect(recordOf(results[0])['Id']).toBe(known)
  })

  it('answers for each record, and fails for one that is not there alone', async () => {
    const ids = `<ids>${known}</ids><ids>00Q000000000zzz</ids>`
    const { results } = await wire.call('findDuplicatesByIds', ids)
    expect(results.map(({ success }) => success)).toEqual(['true', 'false'])
  })

  it.each<[string, string, string]>([
    ['more than fifty records', sObject('Lead', twin).repeat(51), 'sf:LIMIT_EXCEEDED'],
    ['records of several types', sObject('Lead', twin) + sObject('Contact', { LastName: 'x' }), 'sf:INVALID_TYPE'],
    ['an object without rules', sObject('Contact', { LastName: 'x' }), 'sf:INVALID_OPERATION'],
    ['a field that is not there', sObject('Lead', { Nope__c: 'x' }), 'sf:INVALID_FIELD'],
  ])('refuses %s with a fault', async (_, content, faultcode) => {
    expect((await wire.call('findDuplicates', content)).fault['faultcode']).toBe(faultcode)
  })
})

describe('a save over SOAP that a duplicate rule refuses', () => {
  it('shows the duplicates in its error', async () => {
    const { xml } = await wire.call('create', sObject('Lead', twin))
    expect(xml).toMatch(/<errors xsi:type="DuplicateError">.*<statusCode>DUPLICATES_DETECTED<.*<duplicateResult>/)
    expect(xml).toContain(`<sf:Id>${known}</sf:Id>`)
  })

  it('passes a rule that only alerts, when the header lets it', async () => {
    const rule = { object: 'Lead', action: 'alert', message: 'Look.' }
    await practice(wire.org.url, '/automation', { duplicateRules: [rule] })
    const headers = '<DuplicateRuleHeader><allowSave>true</allowSave></DuplicateRuleHeader>'
    const saved = await wire.call('create', sObject('Lead', twin), { headers })
    expect(saved.results).toMatchObject([{ success: 'true' }])
  })
})
