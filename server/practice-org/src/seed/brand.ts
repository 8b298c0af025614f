import { BRAND_WORDS, PEOPLE_NAMES } from './words.ts'

export interface Brand {
  /** In Latin letters, without legal form. */
  name: string
  industry: string
}

const { first, second, trades, kinds, adjectives } = BRAND_WORDS
const { family } = PEOPLE_NAMES

/** Takes the digits of `n` apart: one index for each size, the first changing fastest. */
function digits(n: number, sizes: number[]): number[] {
  let rest = n
  return sizes.map((size) => {
    const digit = rest % size
    rest = Math.floor(rest / size)
    return digit
  })
}

/** Neighbours of a range end up far apart, each number once: the step has no divisor in common with any list's length. */
const scattered = (n: number, count: number): number => (n * 700_001) % count

interface Pattern {
  count: number
  brand(n: number): Brand
}

const trade = (index: number) => trades[index]!

/** `Asterbridge Logistics`. */
const COMPOUND: Pattern = {
  count: first.length * second.length * trades.length,
  brand(n) {
    const [a = 0, b = 0, c = 0] = digits(n, [first.length, second.length, trades.length])
    return { name: `${first[a]}${second[b]} ${trade(c).word}`, industry: trade(c).industry }
  },
}
/** `Fischer & Okafor Chemicals`. */
const PARTNERS: Pattern = {
  count: family.length * (family.length - 1) * trades.length,
  brand(n) {
    const [a = 0, b = 0, c = 0] = digits(n, [family.length, family.length - 1, trades.length])
    const other = family[(a + 1 + b) % family.length]
    return { name: `${family[a]} & ${other} ${trade(c).word}`, industry: trade(c).industry }
  },
}
/** `Heronvale Partners`. */
const BARE: Pattern = {
  count: first.length * second.length * kinds.length,
  brand(n) {
    const [a = 0, b = 0, c = 0] = digits(n, [first.length, second.length, kinds.length])
    return { name: `${first[a]}${second[b]} ${kinds[c]}`, industry: trade(n % trades.length).industry }
  },
}
/** `Nordic Castro Foods`. */
const REGIONAL: Pattern = {
  count: adjectives.length * family.length * trades.length,
  brand(n) {
    const [a = 0, b = 0, c = 0] = digits(n, [adjectives.length, family.length, trades.length])
    return { name: `${adjectives[a]} ${family[b]} ${trade(c).word}`, industry: trade(c).industry }
  },
}

/** How often each pattern comes among ten brands, so that all of them last about equally long. */
const CYCLE = [COMPOUND, PARTNERS, COMPOUND, PARTNERS, BARE, PARTNERS, COMPOUND, PARTNERS, REGIONAL, PARTNERS]
const ROUND = Math.min(
  ...[...new Set(CYCLE)].map(({ count, ...pattern }) => {
    const times = CYCLE.filter((each) => each.brand === pattern.brand).length
    return Math.floor(count / times) * CYCLE.length
  }),
)
const AGAIN = ['', 'New ', 'Greater ', 'Upper ']

/** The n-th brand; no two are the same below four times some nine hundred thousand. */
export function brandOf(n: number): Brand {
  const round = Math.floor(n / ROUND)
  const within = n % ROUND
  const slot = within % CYCLE.length
  const pattern = CYCLE[slot]!
  const times = CYCLE.filter((each) => each === pattern).length
  const earlier = CYCLE.slice(0, slot).filter((each) => each === pattern).length
  const index = Math.floor(within / CYCLE.length) * times + earlier
  const { name, industry } = pattern.brand(scattered(index, pattern.count))
  return { name: `${AGAIN[round % AGAIN.length]}${name}`, industry }
}
