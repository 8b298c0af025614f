// Duplicate rules at save (docs/sources.md#duplicate-rules): the records a new one resembles, and the refusal that lists them.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import { OrgError } from '../org/org.ts'
import type { Comparison, DuplicateRule } from '../rules/rules.ts'
import { quote } from '../store/store.ts'
import type { Row } from '../store/row.ts'
import { attributesOf } from '../store/values.ts'
import { matches } from './similar.ts'
import { bothWays, comparable, ownField, STANDARD, standardRule } from './standard.ts'

const MAX_CANDIDATES = 100

const KEYS: Record<string, string[]> = {
  Account: ['Name', 'Website', 'Phone'],
  Contact: ['LastName', 'Email', 'Phone'],
  Lead: ['LastName', 'Email', 'Company', 'Phone'],
}

type Looking = Pick<Write, 'store' | 'catalog' | 'automation' | 'caller'>

interface Match {
  row: Row
  confidence: number
}

/** What a saved row resembles, under a rule that wants it written down. */
export interface Alike {
  /** Developer name of the rule. */
  rule: string
  ids: string[]
}

/**
 * Refuses with DUPLICATES_DETECTED a row that resembles others under a rule of its object, unless the rule only alerts and
 * the caller's header lets it pass, or it allows everything. On an update only changed fields can set a rule off. Gives
 * what is to be reported of a row that passes.
 */
export function checkDuplicates(
  write: Write,
  object: ObjectDef,
  row: Row,
  changed: readonly string[],
  allowSave: boolean,
): Alike[] {
  const alike: Alike[] = []
  for (const rule of write.automation.duplicateRules(object)) {
    const equation = rule.match ?? STANDARD[object.name] ?? []
    const involved = equation.some((part) => part.some(({ field }) => changed.includes(ownField(field))))
    const passes = rule.action === 'allow' || (rule.action === 'alert' && allowSave)
    if (!involved || (passes && !rule.report)) continue
    const { found, shown } = matchesOf(write, object, row, rule, (id) => write.user.sharedRow(object, id, 'read'))
    if (found.length && !passes) throw detected(write, object, rule, shown)
    if (found.length) alike.push({ rule: nameOf(rule), ids: found.map((each) => String(each.row['Id'])) })
  }
  return alike
}

const nameOf = (rule: DuplicateRule): string => rule.name ?? `Standard_${rule.object}_Duplicate_Rule`

/** Rows worth comparing: those found by an index on one of the compared fields. */
function candidates(write: Looking, object: ObjectDef, row: Row, equation: Comparison[][]): Row[] {
  const keys = new Set([...(KEYS[object.name] ?? []), ...equation.flatMap((part) => part.map(({ field }) => field))])
  const ids = new Set<string>()
  const wanted = [...keys].map((key) => [key, row[key]] as const)
  // The other way round: somebody whose last name is this first name.
  if (keys.has('FirstName')) wanted.push(['LastName', row['FirstName']])
  for (const [key, value] of wanted) {
    if (typeof value !== 'string' || !object.byName.has(key.toLowerCase())) continue
    const start = (/^[\p{L}\p{N}]+/u.exec(value)?.[0] ?? value).slice(0, 4).toLowerCase()
    const live = `"IsDeleted" = 0 AND "Id" <> ? LIMIT ${MAX_CANDIDATES}`
    const sql = `SELECT "Id" FROM ${quote(object.name)} WHERE (${quote(key)} = ? OR (${quote(key)} >= ? AND ${quote(key)} < ?)) AND ${live}`
    for (const [id] of write.store.select(sql, [value, start, `${start}\u{10ffff}`, row['Id'] ?? '']))
      ids.add(String(id))
  }
  const rows = [...ids].slice(0, MAX_CANDIDATES * 2).map((id) => write.store.row(object, id))
  return rows.filter((each) => each !== undefined)
}

function matchOf(equation: Comparison[][], row: Row, other: Row): Match | undefined {
  const scores = equation.flatMap((part) => {
    const results = part.map(({ field, method }) => matches(method, row[field], other[field]))
    return results.every(({ match }) => match) ? [results.reduce((sum, { score }) => sum + score, 0) / part.length] : []
  })
  return scores.length ? { row: other, confidence: Math.round(Math.max(...scores) * 10) / 10 } : undefined
}

/** What counts under a rule, and what of it the caller may know of. */
function matchesOf(
  looking: Looking,
  object: ObjectDef,
  row: Row,
  rule: DuplicateRule,
  sees: (id: string) => boolean,
): { found: Match[]; shown: Match[] } {
  const equation = rule.match ?? STANDARD[object.name] ?? []
  const ways = bothWays(comparable(looking, object, row))
  const all = candidates(looking, object, row, equation).flatMap((other) => {
    const found = ways.flatMap((way) => matchOf(equation, way, comparable(looking, object, other)) ?? [])
    return found.toSorted((a, b) => b.confidence - a.confidence).slice(0, 1)
  })
  const shown = all.filter((match) => sees(String(match.row['Id'])))
  return { found: rule.sharing === 'bypass' ? all : shown, shown }
}

/**
 * What each rule of the object finds for a row, as `findDuplicates` tells it: nothing is saved and nothing refused.
 * @param sees whether the caller may know of a record that was found
 */
export function duplicateResults(
  looking: Looking,
  object: ObjectDef,
  row: Row,
  sees: (id: string) => boolean,
): Record<string, unknown>[] {
  return looking.automation.duplicateRules(object).map((rule) => {
    const { shown } = matchesOf(looking, object, row, rule, sees)
    const result = resultOf(looking, object, rule, shown)
    return shown.length ? result : { ...result, matchResults: [] }
  })
}

const isExact = (equation: Comparison[][] | undefined): boolean =>
  equation?.every((part) => part.every(({ method }) => method === 'exact')) ?? false

function resultOf(looking: Looking, object: ObjectDef, rule: DuplicateRule, found: Match[]): Record<string, unknown> {
  const { version } = looking.caller
  return {
    allowSave: rule.action === 'alert',
    duplicateRule: nameOf(rule),
    duplicateRuleEntityType: object.name,
    errorMessage: rule.message,
    matchResults: [
      {
        entityType: object.name,
        errors: [],
        matchEngine: isExact(rule.match) ? 'ExactMatchEngine' : 'FuzzyMatchEngine',
        matchRecords: found
          .toSorted((a, b) => b.confidence - a.confidence)
          .map(({ row, confidence }) => ({
            additionalInformation: [],
            fieldDiffs: [],
            matchConfidence: confidence,
            record: { attributes: attributesOf(object.name, String(row['Id']), version), Id: row['Id'] },
          })),
        rule: rule.matchingRule ?? standardRule(object.name),
        size: found.length,
        success: true,
      },
    ],
  }
}

function detected(write: Write, object: ObjectDef, rule: DuplicateRule, found: Match[]): OrgError {
  return new OrgError({
    errorCode: 'DUPLICATES_DETECTED',
    message: rule.message,
    status: 400,
    // An org really spells the key so.
    extra: { duplicateResut: resultOf(write, object, rule, found) },
  })
}
