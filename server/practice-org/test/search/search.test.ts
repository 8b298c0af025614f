import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse, refusalOf } from '../support/engine-harness.ts'

let house: House
beforeAll(() => {
  house = openHouse()
  const admin = house.as('admin')
  house.org.create(admin, 'Account', {
    Name: 'Müller Maschinenbau GmbH',
    Phone: '+49 (89) 555-0123',
    Website: 'https://www.mueller-mb.example',
    Description: 'Zürich office',
  })
  house.org.create(admin, 'Account', { Name: 'Acme Holdings', Phone: '(415) 555-0100', Website: 'acme.example' })
  house.org.create(admin, 'Account', { Name: 'Acme Rockets', Site: 'Holdings road' })
  house.org.create(admin, 'Contact', { LastName: 'Miller', FirstName: 'Ann', Email: 'ann.miller@acme.example' })
  house.later(3_600_000)
})
const found = (sosl: string) => house.org.search(house.as('reader'), sosl).map((row) => row['Name'])

const FINDS: [sosl: string, names: string[]][] = [
  ['FIND {muller} RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
  ['FIND {MASCH*} RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
  ['FIND {masch} RETURNING Account(Name)', []],
  ['FIND {acme holdings} RETURNING Account(Name ORDER BY Name)', ['Acme Holdings', 'Acme Rockets']],
  ['FIND {acme holdings} IN NAME FIELDS RETURNING Account(Name ORDER BY Name)', ['Acme Holdings', 'Acme Rockets']],
  ['FIND {zurich} IN NAME FIELDS RETURNING Account(Name)', []],
  ['FIND {mueller} IN NAME FIELDS RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
  ['FIND {ro?kets} RETURNING Account(Name)', ['Acme Rockets']],
  ['FIND {r*kets} RETURNING Account(Name)', ['Acme Rockets']],
  ['FIND {M?ller} RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
  ['FIND {ro?ets} RETURNING Account(Name)', []],
  ['FIND {*rockets} RETURNING Account(Name)', ['Acme Rockets']],
  ['FIND {acme and not ROCKETS} RETURNING Account(Name)', ['Acme Holdings']],
  [
    'FIND {(acme OR muller) AND (rockets OR gmbh)} RETURNING Account(Name ORDER BY Name)',
    ['Acme Rockets', 'Müller Maschinenbau GmbH'],
  ],
  ['FIND {"and"} RETURNING Account(Name)', []],
  ['FIND {acme} IN ALL FIELDS RETURNING Account(Name ORDER BY Name LIMIT 1 OFFSET 1)', ['Acme Rockets']],
  ['FIND {acme} RETURNING Account(Name LIMIT 0), Contact(Name)', ['Ann Miller']],
  [
    "FIND {acme} RETURNING Account(Name ORDER BY Name) WITH SPELL_CORRECTION = false WITH METADATA = 'LABELS' LIMIT 1",
    ['Acme Holdings'],
  ],
  ['FIND {acme*} RETURNING Account(Name ORDER BY Name), Contact(Name) LIMIT 2', ['Acme Holdings', 'Ann Miller']],
  ['FIND {"holdings acme"} RETURNING Account(Name)', []],
  ['FIND {rockets OR muller} RETURNING Account(Name ORDER BY Name)', ['Acme Rockets', 'Müller Maschinenbau GmbH']],
  ['FIND {acme AND NOT rockets} RETURNING Account(Name)', ['Acme Holdings']],
  ['FIND {zurich} RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
  ['FIND {4155550100} IN PHONE FIELDS RETURNING Account(Name)', ['Acme Holdings']],
  ['FIND {415-555-0100} IN PHONE FIELDS RETURNING Account(Name)', ['Acme Holdings']],
  ['FIND {ann.miller@acme.example} IN EMAIL FIELDS RETURNING Contact(Name)', ['Ann Miller']],
  ["FIND {acme} RETURNING Account(Name WHERE Name LIKE '%, no' OR Site != null LIMIT 5) LIMIT 10", ['Acme Rockets']],
  ['FIND {acme*} RETURNING Contact(Name), Account(Name WHERE Phone != null)', ['Ann Miller', 'Acme Holdings']],
  ['FIND {mueller\\-mb} RETURNING Account(Name)', ['Müller Maschinenbau GmbH']],
]

describe('a search', () => {
  it.each(FINDS)('%s', (sosl, names) => {
    expect(found(sosl)).toEqual(names)
  })

  it.each([
    ['FIND acme', 'No search term found. The search term must be enclosed in braces.'],
    ['FIND {} RETURNING Account', 'must be longer than one character'],
    ['FIND {a*} RETURNING Account', 'must be longer than one character'],
    ['FIND {(acme} RETURNING Account(Name)', 'cannot be understood'],
    ['FIND {"acme} RETURNING Account(Name)', "unbalanced '\"'"],
    ['FIND {acme AND} RETURNING Account(Name)', 'ends with an operator'],
    ["FIND {O'Neil} RETURNING Account(Name)", "'''"],
    ['FIND {1+1} RETURNING Account(Name)', "'+'"],
    ['FIND {acme} NONSENSE', "unexpected token: 'NONSENSE'"],
    ['FIND {acme} IN Accounts', "unexpected token: 'Accounts'"],
    ['FIND {acme} RETURNING Account LIMIT x', "unexpected token: 'x'"],
    ['FIND {acme} LIMIT 5 RETURNING Account', "unexpected token: 'RETURNING'"],
    ['FIND {acme} RETURNING Account(WHERE Name != null)', 'needs at least one field'],
    ['FIND {acme} RETURNING Account(Id), Account(Name)', 'duplicate object in RETURNING: Account'],
    ['FIND {acme} RETURNING Account(Id OFFSET 1), Contact', 'OFFSET can only be used with a single object'],
    ['FIND {acme} RETURNING Account(Id OFFSET 2001)', 'SOSL offset should be between 0 to 2000'],
    ['FIND {acme} RETURNING Account(Id USING ListView=Recent)', 'List views cannot be searched'],
    ['FIND {acme} WITH DATA CATEGORY Geo__c AT usa__c', 'Data categories are not supported'],
    ["FIND {acme} WITH NETWORK = '0DB000000000001'", 'Networks are not supported'],
    [`FIND {acme} RETURNING Account(Name WHERE Name = '${'x'.repeat(100_000)}')`, 'longer than 100000 characters'],
  ])('%s is refused', (sosl, words) => {
    const refusal = refusalOf(() => found(sosl))
    expect(refusal).toMatchObject({ errorCode: 'MALFORMED_SEARCH', status: 400 })
    expect(refusal?.message).toContain(words)
  })

  it('knows no object that cannot be searched or is not there', () => {
    expect(codeOf(() => found('FIND {acme} RETURNING LeadStatus(Id)'))).toBe('INVALID_TYPE')
    expect(codeOf(() => found('FIND {acme} RETURNING Nothing__c(Id)'))).toBe('INVALID_TYPE')
  })

  it('takes a very long term for many words, and finds nothing with one that is longer still', () => {
    const long = `rockets AND ${'nothing '.repeat(600)}`
    expect(found(`FIND {${long}} RETURNING Account(Name)`)).toEqual(['Acme Rockets'])
    expect(found(`FIND {${'rockets '.repeat(1300)}} RETURNING Account(Name)`)).toEqual([])
  })

  it('gives 250 rows of an object, up to 2,000 of one that is filtered or ordered', () => {
    const many = openHouse()
    many.org.load(
      'Account',
      Array.from({ length: 2100 }, (_, i) => ({ Name: `Same ${i}` })),
    )
    const count = (tail: string) => many.org.search(many.as('admin'), `FIND {same} RETURNING ${tail}`).length
    expect(count('Account')).toBe(250)
    expect(count('Account(Id), Contact(Id)')).toBe(250)
    expect(count('Account(Id LIMIT 300)')).toBe(250)
    expect(count('Account(Id ORDER BY Name)')).toBe(2000)
    expect(count("Account(Id WHERE Name LIKE 'same%' LIMIT 1500)")).toBe(1500)
    expect(count('Account(Id ORDER BY Name LIMIT 1500 OFFSET 1000)')).toBe(1100)
    expect(count('Account(Id ORDER BY Name) LIMIT 10')).toBe(10)
  })

  it('does not find what is younger than its lag, nor what was deleted', () => {
    const admin = house.as('admin')
    const id = house.org.create(admin, 'Account', { Name: 'Freshly Made' })
    house.org.setSearchLag(900)
    expect(found('FIND {freshly} RETURNING Account(Name)')).toEqual([])
    house.later(900_000)
    expect(found('FIND {freshly} RETURNING Account(Name)')).toEqual(['Freshly Made'])
    house.org.setSearchLag(0)
    house.org.delete(admin, 'Account', id)
    expect(found('FIND {freshly} RETURNING Account(Name)')).toEqual([])
  })
})
