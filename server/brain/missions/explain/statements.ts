// A definition as single statements, each under a name that stays when its value changes: what two versions are compared by.
import { canonical } from '../../../contract/values/canonical.ts'
import type { GateLine } from '../../../contract/gate/lines.ts'
import type { MissionDefinition, ReadStep, Template } from '../../domain/mission.ts'
import { kindOf } from '../../questions/registry.ts'
import { objectOf } from '../language/variables.ts'
import { gateOf, onOneLine, startOf } from './explain-mission.ts'

/** One thing that a version says. */
export interface Statement {
  part: string
  /** What it is about. */
  name: string
  /** What it says about that; empty where its being there is all. */
  value: string
}

export function statementsOf(definition: MissionDefinition): Statement[] {
  const {
    title,
    description,
    trigger,
    read,
    knowledge,
    reason,
    let: lets,
    skip,
    propose,
    gate,
    facts,
    limits,
  } = definition
  return [
    statement('About', 'title', title),
    statement('About', 'description', onOneLine(description)),
    ...trigger.map((each) => statement('Starts', startOf(each))),
    ...read.flatMap(readStatements),
    ...knowledge.map((name) => statement('Knowledge', name)),
    ...reason.flatMap(({ name, kind, asked }) => [
      statement('Questions', name, `${kindOf(kind).sentence(asked)} (${kind})`),
      ...settingsOf(asked).map(([key, value]) => statement('Questions', `${name}.${key}`, value)),
    ]),
    ...Object.entries(lets).map(([name, expression]) => statement('Names', name, onOneLine(expression))),
    ...skip.map(({ when, say }) => statement('Nothing to do', `when ${onOneLine(when)}`, say)),
    ...numbered(propose).flatMap(({ template, name }) => proposalStatements(template, name)),
    ...gate.map(gateStatement),
    ...Object.entries(facts).map(([name, field]) => statement('Facts', `record.${name}`, field)),
    ...settingsOf(limits).map(([name, value]) => statement('Limits', name, value)),
    ...otherParts(definition),
  ]
}

const statement = (part: string, name: string, value = ''): Statement => ({ part, name, value })

function readStatements(step: ReadStep): Statement[] {
  const { name: _name, fields, ...how } = step
  return [
    statement(
      'Reads',
      step.name,
      settingsOf(how)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    ),
    ...fields.map((field) => statement('Reads', `${objectOf(step)}.${field} of “${step.name}”`)),
  ]
}

/** In an order of their own: the database keeps another than the file. */
const settingsOf = (value: unknown): [string, string][] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value)
        .map(([key, each]): [string, string] => [key, typeof each === 'string' ? onOneLine(each) : canonical(each)])
        .sort(([a], [b]) => (a < b ? -1 : 1))

/** Proposals by what they do; of several alike, by their order. */
function numbered(propose: readonly Template[]): { template: Template; name: string }[] {
  const seen = new Map<string, number>()
  return propose.map((template) => {
    const plain = nameOf(template)
    const n = (seen.get(plain) ?? 0) + 1
    seen.set(plain, n)
    return { template, name: n === 1 ? plain : `${plain} (${n})` }
  })
}

function nameOf(template: Template): string {
  switch (template.kind) {
    case 'create':
      return `create ${template.object}`
    case 'merge':
      return `merge ${template.of}`
    default:
      return `${template.kind} ${template.record}`
  }
}

function proposalStatements(template: Template, name: string): Statement[] {
  const { kind: _kind, when, ...rest } = template
  const values = 'set' in rest ? Object.entries(rest.set) : []
  const others = settingsOf(rest).filter(([key, value]) => key !== 'set' && value !== 'null' && value !== '[]')
  return [
    statement('Proposes', name, when === null ? 'always' : `when ${onOneLine(when)}`),
    ...values.map(([field, expression]) => statement('Proposes', `${name}: ${field}`, onOneLine(expression))),
    ...others.map(([key, value]) => statement('Proposes', `${name}: ${key}`, value)),
  ]
}

function gateStatement(line: GateLine): Statement {
  const name = 'otherwise' in line ? 'otherwise' : `when ${onOneLine(line.when)}`
  return statement('Who must answer', name, gateOf(line).slice(gateOf(line).indexOf(': ') + 2))
}

const KNOWN = new Set<string>(
  'mission title description trigger read knowledge reason let skip propose gate facts limits'.split(' '),
)

/** Parts that have no words of their own here. */
const otherParts = (definition: MissionDefinition): Statement[] =>
  Object.entries(definition)
    .filter(([part]) => !KNOWN.has(part))
    .flatMap(([part, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? settingsOf(value).map(([key, each]) => statement(part, key, each))
        : [statement(part, part, canonical(value))],
    )
