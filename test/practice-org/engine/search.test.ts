import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type House, openHouse } from './house.ts'

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
  ['FIND {acme holdings} IN NAME FIELDS RETURNING Account(Name)', ['Acme Holdings']],
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

  it.each(['FIND acme', 'FIND {} RETURNING Account', 'FIND {(acme} RETURNING Account(Name)', 'FIND {acme} NONSENSE'])(
    '%s is refused',
    (sosl) => {
      expect(codeOf(() => found(sosl))).toBe('MALFORMED_SEARCH')
    },
  )

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
