import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../server/contract/values/field-value.ts'
import { clusterAround, type Pair } from '../../../server/brain/matching/clusters/cluster.ts'
import { factsOfAccount, factsOfLead } from '../../../server/brain/matching/facts/company-facts.ts'
import { judge } from '../../../server/brain/matching/judge.ts'

type Values = Record<string, FieldValue>

const boston = {
  BillingStreet: '12 Congress Street',
  BillingCity: 'Boston',
  BillingState: 'MA',
  BillingPostalCode: '02110',
  BillingCountry: 'US',
}
const denver = {
  BillingStreet: '9 Larimer Street',
  BillingCity: 'Denver',
  BillingState: 'CO',
  BillingPostalCode: '80202',
  BillingCountry: 'US',
}
const munich = {
  BillingStreet: 'Ring 1',
  BillingCity: 'München',
  BillingPostalCode: '80331',
  BillingCountry: 'Germany',
}
const acme: Values = { Name: 'Acme Corp', Website: 'acme.com', Phone: '+1 617 555 0188', ...boston }

function between(a: Values, b: Values) {
  const judgement = judge(factsOfAccount('001A', a), factsOfAccount('001B', b))
  if (judgement.verdict === 'same') return judgement.band
  return judgement.verdict === 'different' ? judgement.why.code : 'unrelated'
}

describe('two accounts', () => {
  const cases: [string, Values, Values, string][] = [
    [
      'with name, website and phone in common are one company',
      acme,
      { Name: 'ACME Inc.', Website: 'https://www.acme.com', Phone: '(617) 555-0188' },
      'strong',
    ],
    ['with the same name and website are one company', acme, { Name: 'Acme', Website: 'acme.com' }, 'strong'],
    [
      'with the same name and phone only are likely one',
      { Name: 'Acme Corp', Phone: '617 555 0188' },
      { Name: 'Acme', Phone: '+16175550188' },
      'likely',
    ],
    [
      'with the same name, town and postal code are likely one',
      { Name: 'Acme Corp', ...boston, BillingStreet: null },
      { Name: 'Acme Inc', ...boston },
      'likely',
    ],
    [
      'with nothing but a name in common are not judged by it',
      { Name: 'Acme Corp' },
      { Name: 'Acme Corp' },
      'uncertain',
    ],
    [
      'with an acronym, website and phone are likely one',
      { Name: 'IBM', Website: 'ibm.com', Phone: '+1 914 499 1900' },
      { Name: 'International Business Machines', Website: 'www.ibm.com', Phone: '(914) 499-1900' },
      'likely',
    ],
    [
      'with a free mail domain as website have nothing in common',
      { Name: 'Acme', Website: 'gmail.com' },
      { Name: 'Zenith', Website: 'gmail.com' },
      'unrelated',
    ],
    [
      'of which one is the other’s parent are two companies',
      { ...acme, ParentId: '001B' },
      { ...acme, Name: 'Acme Group' },
      'parent',
    ],
    ['of which one is a holding are two companies', acme, { ...acme, Name: 'Acme Holding Inc' }, 'holding'],
    [
      'with one name in two countries are two companies',
      { ...acme, Name: 'Acme Ltd', BillingCountry: 'United Kingdom' },
      { ...acme, Name: 'Acme GmbH', ...munich },
      'country',
    ],
    [
      'whose legal forms belong to different countries may be two companies',
      { Name: 'Acme Inc', Website: 'acme.com' },
      { Name: 'Acme GmbH', Website: 'acme.com' },
      'uncertain',
    ],
    [
      'whose names say different countries are two companies',
      { Name: 'Acme UK', Website: 'acme.com' },
      { Name: 'Acme France', Website: 'acme.com' },
      'country',
    ],
    [
      'of one known brand in two towns are outlets',
      { Name: 'Subway', Website: 'subway.com', ...boston },
      { Name: 'Subway', Website: 'subway.com', ...denver },
      'franchise',
    ],
    [
      'named after their towns are outlets',
      { Name: 'Pizza Bella - Boston', Website: 'bella.com', ...boston },
      { Name: 'Pizza Bella - Denver', Website: 'bella.com', ...denver },
      'franchise',
    ],
    [
      'with different names on one website share a reseller',
      { Name: 'Oakline Ceramics', Website: 'shopharbor.com' },
      { Name: 'Juno Leather', Website: 'shopharbor.com' },
      'shared-website',
    ],
    [
      'with one name, other websites and other towns are two companies',
      acme,
      { Name: 'Acme', Website: 'acme-tools.net', Phone: '+1 303 555 0177', ...denver },
      'elsewhere',
    ],
    ['of which one is a person are two', { ...acme, IsPersonAccount: true }, acme, 'person-account'],
    [
      'with one D-U-N-S number are one company even abroad',
      { ...acme, DunsNumber: '081466849' },
      { Name: 'Acme', DunsNumber: '081466849', ...munich },
      'strong',
    ],
    [
      'in two towns under one website may be two offices',
      acme,
      { Name: 'Acme Corp', Website: 'acme.com', Phone: '+1 303 555 0177', ...denver },
      'uncertain',
    ],
  ]

  it.each(cases)('%s', (_title, a, b, expected) => {
    expect(between(a, b)).toBe(expected)
  })

  it('are judged the same whichever comes first', () => {
    const value = <T extends FieldValue>(...values: T[]) => fc.constantFrom<FieldValue>(null, ...values)
    const values = fc.record({
      Name: value(
        'Acme Corp',
        'Acme GmbH',
        'Acme Holding',
        'Acme UK',
        'Amce',
        'ACME International',
        'Subway 12',
        'Zenith',
      ),
      Website: value('acme.com', 'www.acme.com', 'acme.de', 'gmail.com'),
      Phone: value('+1 617 555 0188', '617-555-0188', '+49 89 2000 4400'),
      BillingCity: value('Boston', 'Denver'),
      BillingCountry: value('US', 'Germany'),
      BillingStreet: value('12 Congress Street', '12 Congress St'),
      ParentId: value('001A', '001B', '001P'),
      IsPersonAccount: fc.boolean(),
    })
    fc.assert(
      fc.property(values, values, (a, b) => {
        const forth = judge(factsOfAccount('001A', a), factsOfAccount('001B', b))
        const back = judge(factsOfAccount('001B', b), factsOfAccount('001A', a))
        expect(back.verdict).toBe(forth.verdict)
        expect(back.points).toBe(forth.points)
        const more = (found: typeof forth) => [
          found.verdict === 'same' ? found.band : null,
          found.verdict === 'different' ? found.why.code : null,
        ]
        expect(more(back)).toEqual(more(forth))
      }),
    )
  })
})

describe('a lead and an account', () => {
  const lead = (values: Values) => factsOfLead('00Q1', values)

  it('are one company by name and the domain of the e-mail address', () => {
    expect(judge(lead({ Company: 'Acme', Email: 'lee@acme.com' }), factsOfAccount('001A', acme))).toMatchObject({
      verdict: 'same',
      band: 'strong',
    })
  })

  it('are not told apart by where the person sits', () => {
    const away = lead({
      Company: 'Acme',
      Email: 'lee@acme.com',
      City: 'Denver',
      State: 'CO',
      Country: 'US',
      Phone: '303 555 0177',
    })
    expect(judge(away, factsOfAccount('001A', acme)).verdict).toBe('same')
  })

  it('are not one company by a private e-mail address', () => {
    expect(
      judge(lead({ Company: 'Acme', Email: 'lee@gmail.com' }), factsOfAccount('001A', { Name: 'Acme' })),
    ).toMatchObject({ band: 'uncertain' })
  })

  it('prefers no outlet over the wrong one', () => {
    const outlet = factsOfAccount('001A', { Name: 'Pizza Bella - Boston', Website: 'bella.com', ...boston })
    expect(judge(lead({ Company: 'Pizza Bella', Website: 'bella.com', City: 'Denver' }), outlet).verdict).toBe(
      'different',
    )
  })
})

describe('accounts of one company', () => {
  const facts = [
    factsOfAccount('001A', acme),
    factsOfAccount('001B', { Name: 'Acme Inc', Website: 'acme.com', Phone: '617 555 0188' }),
    factsOfAccount('001C', { Name: 'Acme', Website: 'acme.com' }),
    factsOfAccount('001D', { Name: 'Acme GmbH', Website: 'acme.com', ...munich }),
    factsOfAccount('001E', { Name: 'Zenith', Website: 'zenith.com' }),
  ]
  const pairs: Pair[] = facts.flatMap((a, index) =>
    facts.slice(index + 1).map((b) => ({ a: a.id, b: b.id, judgement: judge(a, b) })),
  )
  const ids = facts.map(({ id }) => id)

  it('are found together, and one that differs from any of them stays out', () => {
    expect(clusterAround('001A', ids, pairs)).toEqual(['001A', '001B', '001C'])
  })

  it('are the same whatever order they were read in', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(ids, { minLength: ids.length }),
        fc.shuffledSubarray(pairs, { minLength: pairs.length }),
        (some, mixed) => {
          expect(clusterAround('001A', some, mixed)).toEqual(['001A', '001B', '001C'])
        },
      ),
    )
  })
})
