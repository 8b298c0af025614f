// Keys that two records of one company are likely to share; records without a common key are never compared.
import type { CompanyFacts } from '../facts/company-facts.ts'
import { soundSkeleton } from '../names/typing-errors.ts'
import { streetParts } from '../normal-forms/address.ts'
import { domainLabel } from '../normal-forms/domain.ts'
import type { NameWord } from '../normal-forms/name-word.ts'

/** Every key of a record, each once. */
export function blockingKeys(facts: CompanyFacts): string[] {
  const names = [facts.name.words, ...(facts.withoutTown ? [facts.withoutTown] : []), ...facts.name.aliases]
  return [...new Set([...reachKeys(facts), ...placeKeys(facts), ...names.flatMap((words) => nameKeys(words, facts))])]
}

function reachKeys({ domains, pages, phones, duns }: CompanyFacts): string[] {
  return [
    ...domains.flatMap(({ domain }) => [`d ${domain}`, `l ${domainLabel(domain).replaceAll('-', '')}`]),
    ...pages.map(({ page }) => `g ${page}`),
    ...phones.flatMap(({ number }) => [`p ${number}`, `q ${number.slice(-7)}`]),
    ...(duns === null ? [] : [`u ${duns}`]),
  ]
}

function placeKeys({ address: { street, city, postal } }: CompanyFacts): string[] {
  if (street === null) return []
  const { number, name } = streetParts(street)
  if (number === null) return []
  const at = `s ${number} ${name[0] ?? ''}`
  return [...(city === null ? [] : [`${at} ${city}`]), ...(postal === null ? [] : [`${at} ${postal}`])]
}

/** Rare words, the whole name sorted and joined, its sound, its initials; common words only with the town. */
function nameKeys(words: readonly NameWord[], { address, domains }: CompanyFacts): string[] {
  const telling = words.filter(({ kind }) => kind !== 'filler' && kind !== 'place' && kind !== 'structure')
  if (telling.length === 0) return []
  const rare = telling.filter(({ kind }) => kind === 'word')
  const canon = telling.map((word) => word.canon)
  const whole = [...canon].sort().join('')
  const joined = telling.map(({ plain }) => plain).join('')
  const sounds = telling.map(({ plain }) => soundSkeleton(plain))
  const initials = telling.map(({ plain }) => plain[0] ?? '').join('')
  const towns = [address.city, address.postal].filter((place) => place !== null)
  return [
    ...rare.flatMap((word) => [`w ${word.canon}`, ...(word.speltOut === null ? [] : [`w ${word.speltOut}`])]),
    ...rare.map(({ plain }) => `k ${soundSkeleton(plain)}`).filter((key) => key.length >= 5),
    ...rare
      .filter(({ plain }) => plain.length >= 6)
      .flatMap(({ plain }) => [`b ${plain.slice(0, 5)}`, `e ${plain.slice(-5)}`]),
    `n ${whole}`,
    `j ${joined.slice(0, 10)}`,
    `k ${sounds.join('')}`,
    `l ${joined}`,
    ...(telling.length >= 3 ? [`i ${initials}`] : []),
    ...(joined.length <= 6 ? [`i ${joined}`] : []),
    ...neighbours(canon).map((pair) => `2 ${pair}`),
    ...towns.flatMap((town) => [
      ...canon.map((word) => `t ${town} ${word}`),
      `t ${town} ${(sounds[0] ?? '').slice(0, 3)}`,
    ]),
    ...(domains.length > 0 || telling.length < 3 ? [] : [`l ${initials}`]),
  ]
}

const neighbours = (words: readonly string[]) =>
  words.slice(1).map((word, index) => [words[index] ?? '', word].sort().join(' '))
