import type { FieldValue } from '../../../../contract/values/field-value.ts'
import { distinctiveWords } from '../../../matching/company-name.ts'
import { factsOfLead } from '../../../matching/facts.ts'
import { nationalDigits } from '../../../matching/phone.ts'

/** What to look for: telling words of the company's name, its own domains, phone numbers without country code. */
export function likeLead(
  values: Record<string, FieldValue>,
  by: readonly string[],
): { words: string[]; domains: string[]; phones: string[] } {
  const facts = factsOfLead('', values)
  return {
    words: by.includes('name') ? distinctiveWords(facts.name, 3) : [],
    domains: by.includes('domain') ? facts.domains.map(({ domain }) => domain).slice(0, 2) : [],
    phones: by.includes('phone') ? facts.phones.map(({ number }) => nationalDigits(number)).slice(0, 2) : [],
  }
}
