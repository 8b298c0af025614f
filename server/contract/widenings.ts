// What a version of a mission may do beyond an earlier one: the reason why a second administrator has to sign.
import { recordNames, weakenings } from './gate/weakenings.ts'
import type { Grant } from './grant.ts'
import { canonical } from './values/canonical.ts'

/**
 * Sentences that name what became wider or lower from `before` to `after`; empty when nothing did. Everything that cannot be shown
 * to be at most as wide counts. The hashes of definition and knowledge do not: what they change is bounded by grant and gate.
 */
export function widenings(before: Grant, after: Grant): string[] {
  return [
    ...moreRead(before, after),
    ...moreWritten(before, after),
    ...weakenings(before.gate, after.gate),
    ...factsOtherwise(before, after),
    ...assertionsGone(before, after),
    ...timesOtherwise(before, after),
    ...limitsRaised(before, after),
  ]
}

/** Names of fields and objects are not case-sensitive in an org. */
const lower = (names: readonly string[]): Set<string> => new Set(names.map((name) => name.toLowerCase()))

function moreRead(before: Grant, after: Grant): string[] {
  return Object.entries(after.reads).flatMap(([object, fields]) => {
    const known = fieldsOf(before.reads, object)
    if (known === null) return [`Reads ${object}: ${fields.join(', ') || 'system fields'}`]
    const added = fields.filter((field) => !known.has(field.toLowerCase()))
    return added.length === 0 ? [] : [`Reads more of ${object}: ${added.join(', ')}`]
  })
}

/** Null for an object that is not read. */
function fieldsOf(reads: Grant['reads'], object: string): Set<string> | null {
  const same = Object.entries(reads).filter(([name]) => name.toLowerCase() === object.toLowerCase())
  return same.length === 0 ? null : lower(same.flatMap(([, fields]) => fields))
}

function moreWritten(before: Grant, after: Grant): string[] {
  return Object.entries(after.writes).flatMap(([object, { kinds, fields }]) => {
    const known = Object.hasOwn(before.writes, object) ? before.writes[object] : undefined
    const newKinds = kinds.filter((kind) => !known?.kinds.includes(kind))
    const newFields = fields.filter((field) => !known?.fields.includes(field))
    return [
      ...(newKinds.length === 0 ? [] : [`May ${newKinds.join(', ')} on ${object}`]),
      ...(newFields.length === 0 ? [] : [`Writes more of ${object}: ${newFields.join(', ')}`]),
    ]
  })
}

/** A fact that a line already named without it counted as a match: where it is read now, the line may no longer match. */
function factsOtherwise(before: Grant, after: Grant): string[] {
  const remapped = Object.entries(before.facts).flatMap(([name, field]) => {
    const now = Object.hasOwn(after.facts, name) ? after.facts[name] : undefined
    return now === field
      ? []
      : [`record.${name} no longer comes from ${field}${now === undefined ? '' : ` but ${now}`}`]
  })
  const named = recordNames(before.gate).filter((name) => !Object.hasOwn(before.facts, name))
  const filled = named.filter((name) => Object.hasOwn(after.facts, name))
  return [...remapped, ...filled.map((name) => `record.${name} now comes from ${after.facts[name]}`)]
}

/** One with another text counts as gone: that it asks at least as much cannot be shown. */
function assertionsGone({ assertions: before = [] }: Grant, { assertions: after = [] }: Grant): string[] {
  const kept = new Set(after.map((each) => canonical(each)))
  return before
    .filter((each) => !kept.has(canonical(each)))
    .map(({ holds }) => `No longer has to hold before a write: ${holds}`)
}

/** More days of rest are narrower; any other difference cannot be shown to be. */
function timesOtherwise({ commit: before }: Grant, { commit: after }: Grant): string[] {
  if (!before) return []
  const kept = (before.freeze ?? []).every((days) => after?.freeze?.includes(days))
  const isSame =
    canonical([before.windows ?? [], before.zone]) === canonical([after?.windows ?? [], after?.zone ?? null])
  return kept && isSame ? [] : ['May write at other times than before']
}

function limitsRaised({ limits: before }: Grant, { limits: after }: Grant): string[] {
  return [
    ...(after.records > before.records
      ? [`A change set may touch ${after.records} records, it was ${before.records}`]
      : []),
    ...(after.apiCalls > before.apiCalls
      ? [`A run may use ${after.apiCalls} Salesforce calls, it was ${before.apiCalls}`]
      : []),
  ]
}
