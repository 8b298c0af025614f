import { z } from 'zod'
import { hasStandardRule } from '../../duplicates/standard.ts'
import { normalizeId } from '../../schema/ids.ts'
import { automationSchema, type AutomationRules } from '../../rules/rules.ts'
import { modelsOf, shareName } from '../../schema/share-shape.ts'
import type { Caller, Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { describedFields } from '../../wire/rows/row.ts'
import { NEWEST_VERSION } from '../../org/api-versions.ts'

/** A field that a rule names, and where it stands in the order. */
interface Mention {
  at: string
  object: string
  fields: string[]
}

/**
 * The rules of `POST /practice/automation`. A rule about an object or field that the org has not would never act, so it is
 * refused here. Throws OrgError INVALID_INPUT, naming every part that is wrong
 */
export function readAutomation(org: Org, body: unknown): AutomationRules {
  const parsed = automationSchema.safeParse(body ?? {})
  if (!parsed.success) throw refusal.badInput(z.prettifyError(parsed.error))
  const rules = parsed.data
  const fieldsOf = knownFields(org)
  const wrong = [
    ...mentions(rules).flatMap((mention) => unknownNames(mention, fieldsOf(mention.object))),
    ...rules.duplicateRules.flatMap(({ object, match }, n) =>
      match || hasStandardRule(object) ? [] : [`duplicateRules[${n}]: ${object} has no standard rule, give match`],
    ),
    ...wrongSharing(rules.sharing, fieldsOf),
    ...rules.rowLocks.flatMap(({ ids }, n) =>
      ids.filter((id) => normalizeId(id) === undefined).map((id) => `rowLocks[${n}]: ${id} is no record id`),
    ),
  ]
  if (wrong.length > 0) throw refusal.badInput(wrong.join('\n'))
  return rules
}

function mentions(rules: AutomationRules): Mention[] {
  const conditions = (when: { field: string }[]): string[] => when.map(({ field }) => field)
  const given = (...fields: (string | undefined)[]): string[] => fields.filter((field) => field !== undefined)
  const at = <T>(list: keyof AutomationRules, all: T[], of: (rule: T) => Omit<Mention, 'at'>): Mention[] =>
    all.map((rule, n) => ({ at: `${list}[${n}]`, ...of(rule) }))
  const setting = ({ object, when, set }: AutomationRules['before' | 'later'][number]) => ({
    object,
    fields: [...conditions(when), ...Object.keys(set)],
  })
  return [
    ...at('validations', rules.validations, ({ object, when, field }) => ({
      object,
      fields: [...conditions(when), ...given(field)],
    })),
    ...at('before', rules.before, setting),
    ...at('later', rules.later, setting),
    ...at('triggers', rules.triggers, ({ object, when }) => ({ object, fields: conditions(when) })),
    ...at('after', rules.after, ({ object, when, lookup, set, create }) => ({
      object,
      fields: [...conditions(when), ...given(lookup), ...(lookup || create ? [] : Object.keys(set))],
    })),
    ...at(
      'after',
      rules.after.filter(({ create }) => create),
      ({ create, set }) => ({ object: create?.object ?? '', fields: [...given(create?.link), ...Object.keys(set)] }),
    ),
    ...at('lookupFilters', rules.lookupFilters, ({ object, field }) => ({ object, fields: [field] })),
    ...at('recordTypes', rules.recordTypes, ({ object }) => ({ object, fields: ['RecordTypeId'] })),
    ...at('recordTypePicklists', rules.recordTypePicklists, ({ object, field }) => ({
      object,
      fields: ['RecordTypeId', field],
    })),
    ...at('pageLayouts', rules.pageLayouts, ({ object, sections }) => ({
      object,
      fields: sections.flatMap(({ fields }) =>
        fields.map((each) => (typeof each === 'string' ? each : each.field)).filter(Boolean),
      ),
    })),
    ...at('compactLayouts', rules.compactLayouts, ({ object, fields }) => ({ object, fields })),
    ...at('duplicateRules', rules.duplicateRules, ({ object, match = [] }) => ({
      object,
      fields: match.flatMap(conditions),
    })),
    ...at('approvalLocks', rules.approvalLocks, ({ object, when }) => ({ object, fields: conditions(when) })),
    ...at('dependentPicklists', rules.dependentPicklists, ({ object, field, controlledBy }) => ({
      object,
      fields: [field, controlledBy],
    })),
    ...at('rollUps', rules.rollUps, ({ parent, field }) => ({ object: parent, fields: [field] })),
    ...at('rollUps', rules.rollUps, ({ child, lookup, sum, min, max, when }) => ({
      object: child,
      fields: [lookup, ...given(sum, min, max), ...conditions(when)],
    })),
  ]
}

/** Defaults that an org does not offer, and rules about what it has not. */
function wrongSharing(
  sharing: AutomationRules['sharing'],
  fieldsOf: (object: string) => Set<string> | undefined,
): string[] {
  const defaults = Object.entries(sharing?.defaults ?? {}).flatMap(([object, model]) => {
    if (!fieldsOf(object)?.has('OwnerId')) return [`sharing.defaults: there is no object ${object} with owners`]
    const offered = modelsOf(object)
    return offered.includes(model) ? [] : [`sharing.defaults: ${object} is one of ${offered.join(', ')}`]
  })
  const rules = (sharing?.rules ?? []).flatMap(({ object, when = [] }, n) => {
    const at = `sharing.rules[${n}]`
    if (!fieldsOf(shareName(object))) return [`${at}: there are no shares of ${object}`]
    return unknownNames({ at, object, fields: when.map(({ field }) => field) }, fieldsOf(object))
  })
  return [...defaults, ...rules]
}

function unknownNames({ at, object, fields }: Mention, known: Set<string> | undefined): string[] {
  if (!known) return [`${at}: there is no object ${object}`]
  return fields.filter((field) => !known.has(field)).map((field) => `${at}: ${object} has no field ${field}`)
}

/** Field names of an object, spelled as the org spells them; undefined for an object it has not. */
function knownFields(org: Org): (object: string) => Set<string> | undefined {
  const [admin] = org.users()
  const caller: Caller = { userId: admin?.id ?? '', api: 'ui', version: NEWEST_VERSION }
  const objects = new Set(org.describeGlobal(caller).map((summary) => summary['name']))
  return (object) => {
    if (!objects.has(object)) return undefined
    return new Set(describedFields(org, caller, object).map(({ name }) => name))
  }
}
