import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mergePolicy } from '../../../../server/brain/knowledge/merge-policy.ts'
import { parseDocument } from '../../../../server/brain/knowledge/document.ts'
import { decide } from '../../../../server/brain/knowledge/tables/decide.ts'
import { decisionTable } from '../../../../server/brain/knowledge/tables/decision-table.ts'
import { InvalidInput } from '../../../../server/brain/domain/errors.ts'
import { rank } from '../../../../server/brain/questions/same-entity/propose/survivor.ts'
import { sameMeaning } from '../../../../server/brain/questions/same-entity/propose/same-meaning.ts'
import { survive } from '../../../../server/brain/questions/same-entity/propose/survive-fields.ts'
import { account, flagship, record, idOf, type Values } from './fake-context.ts'

const shipped = (name: string) =>
  readFileSync(new URL(`../../../../server/brain/knowledge/catalog/${name}.md`, import.meta.url), 'utf8')
const policy = mergePolicy(shipped('account-merge-policy'))
const writable = flagship.definition.propose.flatMap((each) => (each.kind === 'merge' ? each.fields : []))
const NEW = { LastModifiedDate: '2026-11-15T00:00:00.000+0000' }
const OLD = { LastModifiedDate: '2026-01-15T00:00:00.000+0000' }

function result(survivor: Values, ...losers: Values[]) {
  const records = [survivor, ...losers].map((values, index) => account(index + 1, values))
  const { fields, lost } = survive(records[0]!, records.slice(1), policy, writable)
  return {
    set: Object.fromEntries(Object.entries(fields).map(([name, { to }]) => [name, to])),
    lost: lost.map(({ field }) => field),
  }
}

const boston = {
  BillingStreet: '12 Congress Street',
  BillingCity: 'Boston',
  BillingState: 'MA',
  BillingPostalCode: '02110',
  BillingCountry: 'US',
}
const cambridge = {
  BillingStreet: '1 Main St',
  BillingCity: 'Cambridge',
  BillingState: 'MA',
  BillingPostalCode: '02142',
  BillingCountry: 'US',
}

describe('survivorship of fields', () => {
  it.each<[string, Values, Values, Values, string[]]>([
    ['a blank is filled', { Phone: null }, { Phone: '1' }, { Phone: '1' }, []],
    ['an equal value is left out', { Phone: '+1 617 555 0188' }, { Phone: '(617) 555-0188' }, {}, []],
    [
      'a newer value replaces after the days of its group',
      { ...OLD, Phone: '+1 617 555 0188' },
      { ...NEW, Phone: '+1 617 555 0199' },
      { Phone: '+1 617 555 0199' },
      ['Phone'],
    ],
    [
      'a value of about the same age does not',
      { ...NEW, Phone: '+1 617 555 0188' },
      { ...NEW, Phone: '+1 617 555 0199' },
      {},
      ['Phone'],
    ],
    ['a fill rule never replaces', { ...OLD, Fax: '1' }, { ...NEW, Fax: '2' }, {}, ['Fax']],
    [
      'an address moves as a whole',
      { ...OLD, ...boston },
      { ...NEW, ...cambridge },
      { BillingStreet: '1 Main St', BillingCity: 'Cambridge', BillingPostalCode: '02142' },
      ['BillingStreet', 'BillingCity', 'BillingPostalCode'],
    ],
    [
      'an address that would blank a part does not move',
      { ...OLD, ...boston },
      { ...NEW, ...cambridge, BillingStreet: null },
      {},
      ['BillingCity', 'BillingPostalCode'],
    ],
    [
      'an address is completed by one that agrees',
      { ...NEW, ...boston, BillingPostalCode: null },
      { ...OLD, ...boston },
      { BillingPostalCode: '02110' },
      [],
    ],
    [
      'an address is not completed by one that differs',
      { ...NEW, ...boston, BillingPostalCode: null },
      { ...OLD, ...cambridge },
      {},
      ['BillingStreet', 'BillingCity', 'BillingPostalCode'],
    ],
    ['a name is kept', { Name: 'Acme Corp' }, { ...NEW, Name: 'Acme Inc' }, {}, []],
    [
      'a field the mission may not set is left alone',
      { AccountSource: null },
      { AccountSource: 'Web' },
      {},
      ['AccountSource'],
    ],
    ['an external id that goes away is lost', {}, { External_Id__c: 'M-1' }, {}, ['External_Id__c']],
  ])('%s', (_title, survivor, loser, set, lost) => expect(result(survivor, loser)).toEqual({ set, lost }))

  it('takes the newest of several losers', () => {
    expect(result({ Fax: null }, { ...OLD, Fax: '1' }, { ...NEW, Fax: '2' }).set).toEqual({ Fax: '2' })
  })

  it('never makes consent weaker', () => {
    const strict = account(2, { PersonDoNotCall: true })
    const lax = account(1, { PersonDoNotCall: false })
    expect(survive(lax, [strict], policy, [...writable, 'PersonDoNotCall']).fields).toMatchObject({
      PersonDoNotCall: { from: false, to: true, source: 'rule:never make consent weaker' },
    })
    expect(survive(strict, [lax], policy, [...writable, 'PersonDoNotCall']).fields).toEqual({})
  })

  it.each([
    ['Website', 'https://www.acme.com/', 'acme.com', true],
    ['Website', 'acme.com', 'acme.com/de', false],
    ['BillingCountry', 'USA', 'United States', true],
    ['BillingCity', 'München', 'Munchen', true],
    ['Description', 'a', 'A', false],
  ])('compares %s by what it means: %j and %j', (field, a, b, same) =>
    expect(sameMeaning(field, { [field]: a }, { [field]: b })).toBe(same),
  )
})

describe('the survivor of two accounts', () => {
  const deal = (n: number) => record('Opportunity', idOf('006', n), { IsClosed: false })
  const cases: [string, ReturnType<typeof account>[], number, string][] = [
    [
      'a customer, also beside one with more deals',
      [account(1, {}, { Opportunities: [deal(1)] }), account(2, { Type: 'Customer - Direct' })],
      2,
      'customer-type',
    ],
    [
      'the one with more open opportunities',
      [account(1, {}), account(2, {}, { Opportunities: [deal(1)] })],
      2,
      'open-opportunities',
    ],
    [
      'the one with more related records',
      [account(1, {}), account(2, {}, { Contacts: [record('Contact', idOf('003', 1), {})] })],
      2,
      'related-records',
    ],
    [
      'the older one, where nothing else differs',
      [
        account(1, { CreatedDate: '2026-05-01T00:00:00.000+0000' }),
        account(2, { CreatedDate: '2025-05-01T00:00:00.000+0000' }),
      ],
      2,
      'oldest',
    ],
    ['the first by id, where their age is the same', [account(2, {}), account(1, {})], 1, 'id'],
  ]
  it.each(cases)('is %s', (_title, accounts, winner, by) => {
    for (const order of [accounts, [...accounts].reverse()]) {
      expect(rank(order, policy.survivor)).toMatchObject({ accounts: [{ id: idOf('001', winner) }, {}], decidedBy: by })
    }
  })
})

describe('the territory', () => {
  const table = decisionTable(parseDocument(shipped('territory-rules')), 'Territories')
  it.each([
    ['US', 'CA', 'West'],
    ['US', 'MA', 'East'],
    ['US', null, 'East'],
    ['DE', null, 'EMEA'],
    ['JP', null, 'APAC'],
    ['BR', null, undefined],
    [null, 'CA', undefined],
  ])('of %s %s is %s', (country, state, territory) => {
    if ('faults' in table) throw new Error(JSON.stringify(table.faults))
    const answer = decide(table, [country, state], { today: '2026-11-27' })
    expect(answer.row === null ? undefined : answer.outputs['territory']).toBe(territory)
  })
})

describe('a knowledge document with a mistake', () => {
  it.each([
    ['an unknown rule', (text: string) => text.replace('| fill   | ', '| maybe  | ')],
    [
      'a row with too few cells',
      (text: string) => text.replace('| legal-hold          | refuse', '| legal-hold refuse'),
    ],
    ['no front matter', (text: string) => text.replace('---', '')],
    ['a missing table', (text: string) => text.replace('## Field groups', '## Fields')],
  ])('of %s is refused with its line', (_title, damage) => {
    const text = shipped('account-merge-policy')
    expect(damage(text)).not.toBe(text)
    expect(() => mergePolicy(damage(text))).toThrow(InvalidInput)
    expect(() => mergePolicy(damage(text))).toThrow(/line \d+/)
  })
})
