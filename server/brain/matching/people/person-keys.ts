// Keys that two records of one person are likely to share; records without a common key are never compared.
import { soundSkeleton } from '../names/typing-errors.ts'
import type { PersonFacts } from './person-facts.ts'
import { givenNamesOf } from './person-name-pairs.ts'

/** Every key of a record, each once. */
export function personKeys({ name, mailboxes, phones, company, accountId, address, birthdate }: PersonFacts): string[] {
  const words = name.words.filter(({ kind }) => kind === 'name')
  const families = words.filter(({ role }) => role !== 'given')
  const initials = new Set(
    name.words
      .filter(({ role, kind }) => role !== 'family' && kind !== 'particle')
      .flatMap(({ plain }) => [plain, ...givenNamesOf(plain)].map((each) => each.slice(0, 1))),
  )
  const places = [
    ...mailboxes.flatMap(({ domain }) => (domain === null ? [] : [`d ${domain}`])),
    ...(company.core === '' ? [] : [`c ${company.core}`]),
    ...(accountId === null ? [] : [`a ${accountId}`]),
    ...(address.city === null ? [] : [`t ${address.city}`]),
    ...(birthdate === null ? [] : [`b ${birthdate}`]),
  ]
  const joined = name.words.map(({ plain }) => plain).join('')
  return [
    ...new Set([
      ...mailboxes.filter(({ isRole }) => !isRole).map(({ address: mailbox }) => `m ${mailbox}`),
      ...mailboxes.filter(({ isRole, user }) => !isRole && user.length >= 5).map(({ user }) => `u ${user}`),
      ...phones.map(({ number }) => `p ${number}`),
      ...families.flatMap(({ plain }) =>
        [...initials].flatMap((initial) => [`f ${plain} ${initial}`, `k ${soundSkeleton(plain)} ${initial}`]),
      ),
      ...words.flatMap(({ plain }) => places.map((place) => `${place} ${soundSkeleton(plain)}`)),
      ...(joined === '' ? [] : [`n ${[...joined].sort().join('')}`, `j ${soundSkeleton(joined)}`]),
    ]),
  ]
}
