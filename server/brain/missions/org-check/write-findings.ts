// Fields that a proposal may not set in this org, and values that a restricted picklist does not take.
import type { DescribedObject } from '../../../contract/described-grant.ts'
import { closestTo } from '../../domain/did-you-mean.ts'
import type { MissionDefinition, Template } from '../../domain/mission.ts'
import type { KnowledgeDocument } from '../../knowledge/document.ts'
import { decisionTable } from '../../knowledge/tables/decision-table.ts'
import type { Finding } from '../checks/finding.ts'
import { objectOf } from '../language/variables.ts'
import type { OrgNames } from './org-names.ts'

type Document = (name: string) => KnowledgeDocument | null

export function writeFindings(definition: MissionDefinition, org: OrgNames, document: Document): Finding[] {
  return definition.propose.flatMap((template, index) => {
    const path = ['propose', index, template.kind]
    if (template.kind === 'convert') return []
    const object = objectSet(template, definition)
    const found = object === null ? null : org.object(object)
    if (object === null || !found) {
      const isLacking = object !== null && org.isAsked(object)
      return isLacking ? [{ path, message: `the org has no ${object}, or the users of the brain do not see it` }] : []
    }
    const fields = 'set' in template ? Object.keys(template.set) : template.fields
    return fields.flatMap((field, n) => {
      const at = 'set' in template ? [...path, 'set', field] : [...path, 'fields', n]
      const wrong = settable(field, { object, found }, template.kind === 'create')
      if (wrong !== null) return [{ path: at, message: wrong }]
      const expression = 'set' in template ? template.set[field] : undefined
      return expression === undefined
        ? []
        : valueFindings(expression, { object, found, field, at }, definition, document)
    })
  })
}

function objectSet(
  template: Exclude<Template, { kind: 'convert' }>,
  { read, reason }: MissionDefinition,
): string | null {
  if (template.kind === 'create') return template.object
  const asked = template.kind === 'merge' ? reason.find(({ name }) => name === template.of)?.asked : null
  const name = template.kind === 'merge' ? (asked as { of?: string } | null | undefined)?.of : template.record
  const step = read.find((each) => each.name === name)
  return step ? objectOf(step) : null
}

/** The reason why a field cannot be set; null when it can. */
function settable(
  field: string,
  { object, found }: { object: string; found: DescribedObject },
  isCreate: boolean,
): string | null {
  const described = found.fields.find(({ name }) => name === field)
  if (!described) {
    const close = closestTo(field, found.names)
    return `the org has no ${object}.${field}${close === null ? '' : `: did you mean ${close}?`}`
  }
  if (described.calculated) return `${object}.${field} is a formula of the org: nothing can set it`
  if (isCreate ? described.createable : described.updateable) return null
  return `${object}.${field} cannot be ${isCreate ? 'set on a new record' : 'changed'} in this org: delete it from this proposal`
}

function valueFindings(
  expression: string,
  { object, found, field, at }: { object: string; found: DescribedObject; field: string; at: Finding['path'] },
  definition: MissionDefinition,
  document: Document,
): Finding[] {
  const offered = found.fields.find(({ name }) => name === field)?.values ?? null
  if (offered === null) return []
  const given = [...literalsOf(expression), ...outputsOf(expression, definition, document)]
  return given
    .filter(({ value }) => !offered.includes(value))
    .map(({ value, from }) => {
      const close = closestTo(value, offered)
      const hint = close === null ? `it has ${offered.slice(0, 12).join(', ')}` : `did you mean “${close}”?`
      return { path: at, message: `${object}.${field} takes no “${value}”${from}: ${hint}` }
    })
}

interface GivenValue {
  value: string
  /** Where it stands, when not in the expression. */
  from: string
}

/** `'High'`, and both ends of `x ? 'High' : 'Normal'`; of anything else no value is known. */
function literalsOf(expression: string): GivenValue[] {
  const text = expression.trim()
  const [, only] = /^'([^']*)'$/.exec(text) ?? []
  const [, yes, no] = /\?\s*'([^']*)'\s*:\s*'([^']*)'$/.exec(text) ?? []
  return [only, yes, no].flatMap((value) => (value === undefined || value === '' ? [] : [{ value, from: '' }]))
}

/** The values of a table's column, when the expression is an output of it. */
function outputsOf(expression: string, { reason }: MissionDefinition, document: Document): GivenValue[] {
  const [, name, output] = /^([a-z]\w*)\.([a-z]\w*)$/i.exec(expression.trim()) ?? []
  const question = reason.find((each) => each.name === name && each.kind === 'table')
  const [file = '', heading = ''] = String((question?.asked as { table?: string } | undefined)?.table ?? '').split(' §')
  const found = document(file)
  const table = found && decisionTable(found, heading)
  if (!table || 'faults' in table) return []
  const column = table.outputs.findIndex((each) => each.name === output)
  return table.rules.flatMap(({ row, outputs }) => {
    const value = outputs[column]
    return value && !value.startsWith('`') ? [{ value, from: ` (${file} §${heading}, row ${row})` }] : []
  })
}
