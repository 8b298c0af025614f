// How alike two values are, per matching method of a duplicate rule, from 0 to 100.
import { distance } from 'fastest-levenshtein'
import { getDomain } from 'tldts'
import type { Comparison } from '../rules/rules.ts'

const LEGAL = new Set(
  'inc incorporated corp corporation co company ltd limited llc llp plc gmbh ag sa sarl sas bv nv ab as oy kk pty'.split(
    ' ',
  ),
)
/** Thresholds of the standard rules; that of company names is remembered, not verified [K]. */
const THRESHOLDS: Record<Comparison['method'], number> = {
  exact: 100,
  company: 70,
  person: 85,
  lastName: 90,
  title: 50,
  phone: 100,
  street: 80,
  domain: 100,
}

const words = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

function company(text: string): string {
  const all = words(text)
  const bare = all.filter((word) => !LEGAL.has(word))
  return (bare.length ? bare : all).join(' ')
}

/** The last ten digits: country codes and separators do not count. */
const phone = (text: string): string => text.replace(/\D/g, '').slice(-10)

/** The registered domain: scheme, path and sub-domains do not count [K]. */
const domain = (text: string): string => getDomain(text.trim()) ?? text.trim().toLowerCase()

const NORMAL: Record<Comparison['method'], (text: string) => string> = {
  exact: (text) => text.trim().toLowerCase(),
  company,
  person: (text) => words(text).join(' '),
  lastName: (text) => words(text).join(' '),
  title: (text) => words(text).join(' '),
  phone,
  street: (text) => words(text).join(' '),
  domain,
}

/** Whether two values match under a method, and how well; blanks match nothing. */
export function matches(method: Comparison['method'], a: unknown, b: unknown): { match: boolean; score: number } {
  const [left, right] = [NORMAL[method](String(a ?? '')), NORMAL[method](String(b ?? ''))]
  if (!left || !right) return { match: false, score: 0 }
  const score = Math.round(100 * (1 - distance(left, right) / Math.max(left.length, right.length)))
  return { match: score >= THRESHOLDS[method], score }
}
