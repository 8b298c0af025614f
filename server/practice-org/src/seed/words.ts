// Parts of invented names and places. Every company, person and domain made from them is fictional; domains end in `.example`.
import brandWords from './brand-words.json' with { type: 'json' }
import peopleNames from './people-names.json' with { type: 'json' }
import places from './places.json' with { type: 'json' }
import type { Script } from './scripts.ts'

export interface Place {
  country: string
  state: string | null
  city: string
  postalCode: string
  streets: string[]
  /** In international form; each # is a digit. */
  phone: string
  territory: string
  /** Legal forms as the place writes them. */
  suffix: string[]
  /** The script its companies write themselves in, when that is not Latin. */
  script?: Script
  /** Legal forms of those who write themselves in Latin letters all the same. */
  abroad?: string[]
}

export const PLACES = places as Place[]
export const BRAND_WORDS = brandWords

interface NativeNames {
  /** As written at home and in Latin letters. */
  given: [string, string][]
  family: [string, string][]
}
export const PEOPLE_NAMES = peopleNames as unknown as {
  given: string[]
  family: string[]
  titles: string[]
  native: Record<Script, NativeNames>
}

export const STAGES = [
  'Prospecting',
  'Qualification',
  'Needs Analysis',
  'Value Proposition',
  'Proposal/Price Quote',
  'Negotiation/Review',
  'Closed Won',
  'Closed Lost',
]
export const SUBJECTS = [
  'Question about delivery',
  'Invoice does not match',
  'Cannot log in',
  'Replacement part',
  'Contract renewal',
]

/** Sites that many small companies have their shop or profile on. */
export const SHARED_HOSTS = [
  'shops.marketgrid.example',
  'vendora.example',
  'pages.townsquare.example',
  'linkcard.example',
]
