import type { FieldValue } from '../../../../contract/values/field-value.ts'
import { searchWords } from '../../../matching/normal-forms/company-name.ts'
import { factsOfLead } from '../../../matching/facts/company-facts.ts'
import { nationalDigits } from '../../../matching/normal-forms/phone.ts'

interface Like {
  words: string[]
  domains: string[]
  phones: string[]
  name?: string
  town?: string
}

/** What to look for: telling words of the company's name in its own script, its own domains, phone numbers without country code. */
export function likeLead(values: Record<string, FieldValue>, by: readonly string[]): Like {
  const facts = factsOfLead('', values)
  const typed = (field: string) => (typeof values[field] === 'string' ? values[field].trim() : '')
  const [name, town] = [typed('Company'), typed('City')]
  const isNamed = by.includes('name') && facts.name.words.length > 0 && name.length >= 2 && name.length <= 255
  return {
    words: by.includes('name') ? searchWords(facts.name, 6) : [],
    domains: by.includes('domain') ? facts.domains.map(({ domain }) => domain).slice(0, 2) : [],
    phones: by.includes('phone') ? facts.phones.map(({ number }) => nationalDigits(number)).slice(0, 2) : [],
    ...(isNamed ? { name } : null),
    ...(isNamed && town !== '' && town.length <= 80 ? { town } : null),
  }
}
