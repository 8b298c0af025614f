import { z } from 'zod'
import { parseDocument, rowsOf } from './document.ts'

/** Criteria for the surviving record; the first that distinguishes two records decides. */
export const SurvivorCriterion = z.enum(['customer-type', 'open-opportunities', 'related-records', 'oldest'])
export type SurvivorCriterion = z.infer<typeof SurvivorCriterion>

/**
 * Rule for a group of fields: `keep` the survivor's, `fill` its blank fields, or take the `newest` record's when it is newer by
 * the given days. A group moves as a whole and never blanks a field.
 */
const FieldRule = z.enum(['keep', 'fill', 'newest'])
type FieldRule = z.infer<typeof FieldRule>

const List = z.string().transform((text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== ''),
)
const WholeNumber = z
  .string()
  .regex(/^\d*$/)
  .transform((text) => (text === '' ? 0 : Number(text)))

const SurvivorRow = z.object({ Order: z.string().regex(/^\d+$/), Criterion: SurvivorCriterion, Prefer: z.string() })
const GroupRow = z.object({ Group: z.string().min(1), Fields: List, Rule: FieldRule, Days: WholeNumber })
const ConsentRow = z.object({ Field: z.string().min(1), Stricter: z.enum(['true', 'false']) })
const BlockRow = z.object({
  When: z.enum(['legal-hold', 'person-account', 'record-types-differ', 'contact-on-both']),
  Then: z.enum(['refuse', 'remove-indirect-relation']),
  Sentence: z.string().min(1).max(60),
})

export type BlockCode = z.infer<typeof BlockRow>['When']

export interface MergePolicy {
  survivor: SurvivorCriterion[]
  groups: { name: string; fields: string[]; rule: FieldRule; days: number }[]
  consent: { field: string; stricter: boolean }[]
  blocks: { when: BlockCode; then: 'refuse' | 'remove-indirect-relation'; sentence: string }[]
}

export const HEADINGS = {
  survivor: 'Which account survives',
  groups: 'Field groups',
  consent: 'Consent',
  blocks: 'What stops a merge',
} as const

/** The tables of `account-merge-policy` as rules. Throws InvalidInput with line numbers. */
export function mergePolicy(source: string): MergePolicy {
  const document = parseDocument(source)
  return {
    survivor: rowsOf(document, HEADINGS.survivor, SurvivorRow)
      .sort((a, b) => Number(a.Order) - Number(b.Order))
      .map((row) => row.Criterion),
    groups: rowsOf(document, HEADINGS.groups, GroupRow).map((row) => ({
      name: row.Group,
      fields: row.Fields,
      rule: row.Rule,
      days: row.Days,
    })),
    consent: rowsOf(document, HEADINGS.consent, ConsentRow).map((row) => ({
      field: row.Field,
      stricter: row.Stricter === 'true',
    })),
    blocks: rowsOf(document, HEADINGS.blocks, BlockRow).map((row) => ({
      when: row.When,
      then: row.Then,
      sentence: row.Sentence,
    })),
  }
}
