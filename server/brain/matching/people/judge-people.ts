// Judges whether two contacts or leads are one person: evidence adds up, differences and limits overrule the sum.
import { probabilityOf } from '../score/weights.ts'
import {
  comparePeople,
  PERSON_BANDS,
  PERSON_PRIOR,
  type PersonCheck,
  type PersonComparison,
} from './person-evidence.ts'
import type { PersonFacts } from './person-facts.ts'

type PersonBand = 'strong' | 'likely' | 'uncertain'

/** Reason why two similar records are two persons. */
type PersonDifference =
  { code: 'given' | 'family' | 'initial' | 'generation'; a: string; b: string } | { code: 'birthdate' }

interface PersonJudged {
  comparison: PersonComparison
  /** Tenths of log odds. */
  points: number
  /** For ranking pairs, 0 to 1: the probability, lowered by a difference or by limits. */
  score: number
}

export type PersonJudgement =
  | (PersonJudged & { verdict: 'same'; band: PersonBand })
  | (PersonJudged & { verdict: 'different'; why: PersonDifference })
  | (PersonJudged & { verdict: 'unrelated' })

const ORDER: readonly PersonBand[] = ['strong', 'likely', 'uncertain']
/** Share of the probability that a difference or a limit leaves. */
const LEFT = { different: 0.05, uncertain: 0.6, likely: 0.97, strong: 1 }

/** Judges two records. Symmetric: swapping them swaps only `a` and `b`. */
export function judgePeople(a: PersonFacts, b: PersonFacts): PersonJudgement {
  const comparison = comparePeople(a, b)
  const logOdds = comparison.evidence.reduce((sum, { weight }) => sum + weight, PERSON_PRIOR)
  const about = { comparison, points: Math.round(logOdds * 10) }
  const probability = probabilityOf(logOdds)
  const why = differenceOf(comparison)
  if (why) return { verdict: 'different', why, ...about, score: probability * LEFT.different }
  const most = limitOf(comparison)
  const scored = ORDER.findIndex((band) => logOdds >= PERSON_BANDS[band])
  const score = probability * LEFT[most]
  if (scored === -1 || !isRelated(comparison)) return { verdict: 'unrelated', ...about, score }
  return { verdict: 'same', band: ORDER[Math.max(scored, ORDER.indexOf(most))] ?? 'uncertain', ...about, score }
}

const agrees = ({ evidence }: PersonComparison, ...checks: PersonCheck[]) =>
  evidence.some((each) => each.agrees && checks.includes(each.check))

/** A fact that belongs to one person agrees, or the names do. */
const isRelated = (comparison: PersonComparison) =>
  agrees(comparison, 'name') || agrees(comparison, 'mailbox', 'mobile')

/** What tells two persons apart, whatever they share: colleagues, spouses, father and son. */
function differenceOf(comparison: PersonComparison): PersonDifference | null {
  const { name, evidence } = comparison
  if (evidence.some(({ check, agrees: same }) => check === 'birthdate' && !same)) return { code: 'birthdate' }
  if (name.conflict === null) return null
  // One's own mailbox or birthday outweighs a name: people marry, and names are mistyped. Generations share both.
  const isOwn = agrees(comparison, 'mailbox', 'birthdate')
  return isOwn && name.conflict.code !== 'generation' ? null : name.conflict
}

/** The highest band that the evidence can prove. */
function limitOf(comparison: PersonComparison): PersonBand {
  const { name, evidence } = comparison
  const differs = (check: PersonCheck) => evidence.some((each) => each.check === check && !each.agrees)
  const isWhole = name.likeness === 'exact' || name.likeness === 'close'
  const isOwn = agrees(comparison, 'mailbox', 'mobile', 'birthdate')
  if (!isWhole)
    return agrees(comparison, 'mailbox') && name.likeness === 'initials' ? 'strong' : lessThanWhole(comparison)
  if (name.measures.single === 1 || name.measures.turned === 1) return isOwn ? 'likely' : 'uncertain'
  if (isOwn) return 'strong'
  const isPlaced = agrees(comparison, 'company', 'mail domain')
  if (isPlaced && agrees(comparison, 'phone', 'mail user')) return 'strong'
  if (isPlaced) return differs('mailbox') && !name.rare ? 'uncertain' : 'likely'
  return agrees(comparison, 'phone', 'mail user', 'street') && name.rare ? 'likely' : 'uncertain'
}

/** An initial, one name or another name: only the person's own mailbox or telephone makes it likely. */
function lessThanWhole(comparison: PersonComparison): PersonBand {
  const { likeness } = comparison.name
  if (likeness === 'initials' && agrees(comparison, 'mobile', 'mail user')) return 'likely'
  if (likeness === 'initials' && agrees(comparison, 'company', 'mail domain') && agrees(comparison, 'phone'))
    return 'likely'
  return likeness === 'partial' && agrees(comparison, 'mailbox') ? 'likely' : 'uncertain'
}
