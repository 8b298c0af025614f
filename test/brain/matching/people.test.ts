import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgePeople, type PersonJudgement } from '../../../server/brain/matching/people/judge-people.ts'
import { matchPeople } from '../../../server/brain/matching/people/match-people.ts'
import {
  COMPARED_PERSON_FIELDS,
  factsOfPerson,
  type PersonFacts,
} from '../../../server/brain/matching/people/person-facts.ts'
import { personName, type PersonName } from '../../../server/brain/matching/people/person-name.ts'
import {
  comparePersonNames,
  personNameProbability,
} from '../../../server/brain/matching/people/person-name-likeness.ts'

const nameOf = (full: string): PersonName => personName({ full, first: null, middle: null, last: null, suffix: null })
const contact = (values: Record<string, string>, id = '003A'): PersonFacts => factsOfPerson('Contact', id, values)
const lead = (values: Record<string, string>, id = '00QA'): PersonFacts => factsOfPerson('Lead', id, values)
const said = (judgement: PersonJudgement): string =>
  judgement.verdict === 'same'
    ? judgement.band
    : judgement.verdict === 'different'
      ? `different: ${judgement.why.code}`
      : judgement.verdict

const ONE = [
  ['a short form', 'Bob Velmont', 'Robert Velmont'],
  ['a short form of another letter', 'Sasha Oster', 'Alexandra Oster'],
  ['the end of a name', 'Tilda Okonjo', 'Matilda Okonjo'],
  ['the family first', 'Velmont, Robert J.', 'Robert Velmont'],
  ['the family in capitals', 'VELMONT Robert', 'Robert Velmont'],
  ['title and degree', 'Prof. Dr. Anna Velmont, MBA', 'Anna Velmont PhD'],
  ['umlauts spelt out', 'Jörg Müllner', 'Joerg Muellner'],
  ['a particle', 'Pieter van der Oster', 'Pieter Vanderoster'],
  ['a doubled letter', 'Garret Velmont', 'Garrett Velmont'],
  ['two scripts', 'Петро Вельмонт', 'Petro Velmont'],
  ['sign variants', '王偉', '王伟'],
  ['a middle name', 'Robert Amos Velmont', 'Robert Velmont'],
  ['a double surname', 'Ines Oster-Velmont', 'Ines Oster'],
  ['other spellings of one sound', 'Mohammed Oster', 'Muhamad Oster'],
] as const
const TWO = [
  ['another given name', 'John Velmont', 'Jane Velmont', 'given'],
  ['one letter at the end', 'Mario Velmont', 'Maria Velmont', 'given'],
  ['another family', 'Robert Velmont', 'Robert Oster', 'family'],
  ['generations', 'Robert Velmont Jr.', 'Robert Velmont Sr.', 'generation'],
  ['another initial', 'Robert J. Velmont', 'Robert K. Velmont', 'initial'],
  ['an initial that does not fit', 'A. Velmont', 'Robert Velmont', 'initial'],
  ['full names of which one begins the other', 'Paul Velmont', 'Paulina Velmont', 'given'],
] as const
const NAMES = [...ONE, ...TWO].flatMap(([, a, b]) => [a, b])

describe('two names of persons', () => {
  it.each(ONE)('are one with %s: %s, %s', (_kind, a, b) => {
    const { likeness, conflict } = comparePersonNames(nameOf(a), nameOf(b))
    expect(['exact', 'close']).toContain(likeness)
    expect(conflict).toBeNull()
  })

  it.each(TWO)('are two with %s: %s, %s', (_kind, a, b, code) => {
    expect(comparePersonNames(nameOf(a), nameOf(b)).conflict?.code).toBe(code)
    expect(personNameProbability(nameOf(a), nameOf(b))).toBeLessThan(0.2)
  })

  it('are compared alike whichever comes first, in any script', () => {
    const name = fc.oneof(
      fc.constantFrom(...NAMES),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.tuple(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 6 })).map(([a, b]) => a + b),
    )
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [x, y] = [nameOf(a), nameOf(b)]
        const [forth, back] = [comparePersonNames(x, y), comparePersonNames(y, x)]
        expect(back.likeness).toBe(forth.likeness)
        expect(back.logit).toBeCloseTo(forth.logit, 9)
        expect(back.conflict?.code).toBe(forth.conflict?.code)
      }),
      { numRuns: 300 },
    )
  })

  it.each(['Accounts Payable', 'N/A', 'Unknown', 'xxx', '123'])('%s names no person', (text) => {
    expect(nameOf(text).words).toEqual([])
  })

  it('reads the fields of a contact before the text', () => {
    const typed = { full: 'Lee Kim', first: 'Kim', middle: null, last: 'Lee', suffix: 'III' }
    expect(personName(typed)).toMatchObject({
      words: [
        { plain: 'kim', role: 'given' },
        { plain: 'lee', role: 'family' },
      ],
      generation: 3,
    })
  })
})

const BRAKEL = { 'Account.Name': 'Brakel Ovens' }

describe('two records of persons', () => {
  it.each([
    [
      'strong',
      'their own mailbox',
      { Name: 'Bob Velmont', Email: 'r.v+x@gmail.com' },
      { Name: 'Robert Velmont', Email: 'rv@googlemail.com' },
    ],
    [
      'strong',
      'a mobile',
      { Name: 'Bob Velmont', MobilePhone: '+1 617 555 0142' },
      { Name: 'Velmont, Robert', Phone: '(617) 555-0142' },
    ],
    [
      'likely',
      'a mobile and an initial',
      { Name: 'Bob Velmont', MobilePhone: '+1 617 555 0142' },
      { Name: 'Velmont, R.', Phone: '(617) 555-0142' },
    ],
    [
      'strong',
      'company and telephone',
      { Name: 'Bob Velmont', Phone: '6175550142', ...BRAKEL },
      { Name: 'Robert Velmont', Phone: '617-555-0142', 'Account.Name': 'Brakel Ovens Inc' },
    ],
    ['likely', 'the company', { Name: 'Bob Velmont', ...BRAKEL }, { Name: 'Robert Velmont', ...BRAKEL }],
    [
      'uncertain',
      'a name and a town',
      { Name: 'Bob Velmont', MailingCity: 'Boston' },
      { Name: 'Bob Velmont', MailingCity: 'Boston' },
    ],
    ['uncertain', 'a name alone', { Name: 'Bob Velmont' }, { Name: 'Bob Velmont' }],
    ['uncertain', 'an initial and the company', { Name: 'B. Velmont', ...BRAKEL }, { Name: 'Bob Velmont', ...BRAKEL }],
    [
      'uncertain',
      'two mailboxes of one company under a frequent name',
      { Name: 'Wei Zhang', Email: 'wzhang@brakel.com' },
      { Name: 'Wei Zhang', Email: 'wei.z2@brakel.com' },
    ],
    [
      'uncertain',
      'a mailbox under another family name',
      { Name: 'Ines Oster', Email: 'ines@brakel.com' },
      { Name: 'Ines Velmont', Email: 'ines@brakel.com' },
    ],
    [
      'different: given',
      'house and company of a sister',
      { Name: 'Ines Oster', Phone: '6175550142', ...BRAKEL },
      { Name: 'Clara Oster', Phone: '6175550142', ...BRAKEL },
    ],
    [
      'different: generation',
      'everything of the father',
      { Name: 'Amos Oster Jr', Email: 'oster@brakel.com' },
      { Name: 'Amos Oster Sr', Email: 'oster@brakel.com' },
    ],
    [
      'different: family',
      'a mailbox that many read',
      { Name: 'Ines Oster', Email: 'info@brakel.com' },
      { Name: 'Ines Velmont', Email: 'info@brakel.com' },
    ],
    [
      'different: birthdate',
      'a name and another birthday',
      { Name: 'Ines Oster', Birthdate: '1980-02-01', ...BRAKEL },
      { Name: 'Ines Oster', Birthdate: '1991-02-01', ...BRAKEL },
    ],
    [
      'unrelated',
      'a placeholder and a mailbox of a role',
      { Name: 'Accounts Payable', Email: 'ap@brakel.com' },
      { Name: 'Accounts Payable', Email: 'ap@brakel.com' },
    ],
  ])('are %s by %s', (expected, _title, a: Record<string, string>, b: Record<string, string>) => {
    const [forth, back] = [judgePeople(contact(a), contact(b)), judgePeople(contact(b), contact(a))]
    expect([said(forth), said(back)]).toEqual([expected, expected])
    expect(back.score).toBeCloseTo(forth.score, 9)
  })

  it('are a lead and a contact too, and name the fields that agree', () => {
    const { comparison, ...judged } = judgePeople(
      lead({ FirstName: 'Bob', LastName: 'Velmont', Company: 'Brakel Ovens Inc.', Phone: '617 555 0142' }),
      contact({ FirstName: 'Robert', LastName: 'Velmont', Phone: '617 555 0142', ...BRAKEL }),
    )
    expect(judged).toMatchObject({ verdict: 'same', band: 'strong' })
    expect(comparison.evidence.map(({ check, agrees, a, b }) => [check, agrees, a, b])).toEqual([
      ['name', true, 'Name', 'Name'],
      ['phone', true, 'Phone', 'Phone'],
      ['company', true, 'Company', 'Account.Name'],
    ])
  })

  it('rest on the compared fields alone', () => {
    const read = new Set<string>()
    const values = new Proxy<Record<string, string>>({}, { get: (_, field) => void read.add(String(field)) })
    for (const object of ['Contact', 'Lead'] as const) {
      read.clear()
      factsOfPerson(object, '003A', values)
      expect([...read].sort()).toEqual([...COMPARED_PERSON_FIELDS[object]].sort())
    }
  })
})

describe('a list of persons', () => {
  it('has groups in which none is told apart from another', () => {
    const { pairs, groups } = matchPeople([
      contact({ Name: 'Bob Velmont', Email: 'velmont@brakel.com', ...BRAKEL }, 'bob'),
      contact({ Name: 'Robert Velmont', Email: 'velmont@brakel.com' }, 'robert'),
      lead({ Name: 'Velmont, Rob', Company: 'Brakel Ovens', Email: 'velmont@brakel.com' }, 'rob'),
      contact({ Name: 'Robert Velmont Jr.', Email: 'velmont@brakel.com' }, 'junior'),
      contact({ Name: 'Robert Velmont Sr.', Email: 'velmont@brakel.com' }, 'senior'),
      contact({ Name: 'Ines Oster', ...BRAKEL }, 'ines'),
    ])
    const between = (a: string, b: string) =>
      pairs.find((pair) => [pair.a, pair.b].sort().join() === [a, b].sort().join())
    expect(between('bob', 'rob')?.judgement).toMatchObject({ verdict: 'same', band: 'strong' })
    expect(between('junior', 'senior')?.judgement.verdict).toBe('different')
    expect(between('bob', 'ines')).toBeUndefined()
    expect(groups).toHaveLength(1)
    expect(groups[0]).toEqual(expect.arrayContaining(['bob', 'robert', 'rob']))
    expect(groups[0]).not.toEqual(expect.arrayContaining(['junior', 'senior']))
  })
})
