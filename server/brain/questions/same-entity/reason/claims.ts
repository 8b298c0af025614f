import type { Phrase, Shown } from '../../../domain/phrase.ts'
import type { NamedRecord } from '../../../domain/proposal.ts'
import { fit, listed, nameOf, valueOf } from '../../../domain/say.ts'
import type { Claim } from '../../asking/question.ts'
import type { PairFinding } from '../shapes/reasoner.ts'

type Names = (id: string) => NamedRecord

/** Label of a record in a claim: an account's name; there is only one lead. */
const called = (record: NamedRecord): Shown | string => (record.object === 'Lead' ? 'The lead' : nameOf(record))

export function sameClaim(pair: PairFinding, names: Names, lead: string): Claim {
  const shared = pair.evidence.filter(({ agrees, check }) => agrees && !['name', 'country', 'state'].includes(check))
  const what = listed((shared.length > 0 ? shared.map(({ check }) => check) : ['name']).slice(0, 3))
  const article = shared[0]?.check === 'shared website' || shared.length === 0 ? 'only a ' : 'a '
  return claim(
    'noticed',
    [called(names(pair.a)), ' and ', called(names(pair.b)), ' share ', article, ...what],
    pair,
    names,
    lead,
  )
}

export function doubtClaim(pair: PairFinding, names: Names, lead: string): Claim {
  const text = [called(names(pair.a)), ' and ', called(names(pair.b)), ' may be one company; too little agrees']
  return claim('noticed', text, pair, names, lead)
}

export function apartClaim(pair: PairFinding, names: Names, lead: string): Claim {
  return claim('concluded', apartText(pair, names), pair, names, lead)
}

function apartText(pair: PairFinding, names: Names): Phrase {
  const [a, b] = [called(names(pair.a)), called(names(pair.b))]
  const { why } = pair
  const word = (id: string, text: string) => valueOf(names(id), names(id).object === 'Lead' ? 'Company' : 'Name', text)
  switch (why?.code) {
    case 'parent':
      return why.parent === pair.a
        ? [a, ' is the parent of ', b, ', not a duplicate']
        : [b, ' is the parent of ', a, ', not a duplicate']
    case 'siblings':
      return [a, ' and ', b, ' have one parent and are not duplicates']
    case 'holding':
      return [a, ' and ', b, ' are a holding and its member, not duplicates']
    case 'country':
      return [a, ' and ', b, ' are in different countries, not duplicates']
    case 'franchise':
      return [a, ' and ', b, ' are outlets of one brand, not duplicates']
    case 'shared-website':
      return [a, ' and ', b, ' only share a website and are not duplicates']
    case 'kept-apart':
      return [a, ' and ', b, ' are kept apart: a person said they are not the same']
    case 'duns':
      return [a, ' and ', b, ' have two D-U-N-S numbers and are not duplicates']
    case 'siblings-by-name':
      return [a, ' and ', b, ' differ by ', word(pair.a, why.a), ' and ', word(pair.b, why.b), ': not duplicates']
    case 'body':
      return [a, ' and ', b, ' are a company and another body of it, not duplicates']
    case 'elsewhere':
      return [a, ' and ', b, ' share a name in two places and are not duplicates']
    case 'person-account':
      return [a, ' and ', b, ' are a person and a business, not duplicates']
    default:
      return [a, ' and ', b, ' only share a name and are not duplicates']
  }
}

export function companyClaim(company: readonly NamedRecord[], lead: NamedRecord): Claim {
  const [only] = company
  const shown = company.slice(0, 3).map(nameOf)
  const more = company.length > 3 ? [`${company.length - 3} more`] : []
  const text: Phrase =
    company.length === 1 && only
      ? [nameOf(only), ' is the account of the lead’s company']
      : [...listed([...shown, ...more]), ' are one company']
  return {
    kind: 'concluded',
    text: fit(text),
    records: [lead, ...company].map(({ object, id }) => ({ object, id })),
    fields: [],
    citations: [],
    by: 'rule',
  }
}

export function tiedClaim(tied: readonly NamedRecord[], lead: NamedRecord): Claim {
  const text = [...listed(tied.slice(0, 2).map(nameOf)), ' fit equally well; a person must choose']
  const records = [lead, ...tied].map(({ object, id }) => ({ object, id }))
  return { kind: 'concluded', text: fit(text), records, fields: [], citations: [], by: 'rule' }
}

export function noneClaim(lead: NamedRecord): Claim {
  const text = ['No account is the same company as ', valueOf(lead, 'Company', lead.name)]
  const records = [{ object: lead.object, id: lead.id }]
  return { kind: 'concluded', text: fit(text), records, fields: [], citations: [], by: 'rule' }
}

function claim(kind: Claim['kind'], text: Phrase, pair: PairFinding, names: Names, lead: string): Claim {
  const object = (id: string) => (id === lead ? 'Lead' : 'Account')
  const fields = pair.evidence.flatMap(({ a, b }) => [`${object(pair.a)}.${a}`, `${object(pair.b)}.${b}`])
  const records = [pair.a, pair.b].map((id) => ({ object: names(id).object, id }))
  return { kind, text: fit(text), records, fields: [...new Set(fields)].sort(), citations: [], by: 'rule' }
}
