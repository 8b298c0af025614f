// The proposal of a run: what its templates add up to, in one piece and in words.
import type { Assertion } from '../../contract/assertion.ts'
import type { GateRequirement } from '../../contract/gate/lines.ts'
import { bothStages, peopleNeeded } from '../../contract/gate/people.ts'
import {
  expectedDifferences,
  fieldsSetBy,
  objectOf as objectOfOperation,
  touchedBy,
} from '../../contract/operations/operation.ts'
import type { Risk } from '../../contract/states.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { characterCount } from '../../contract/values/text.ts'
import { labelOf } from '../domain/described.ts'
import { objectOfId } from '../domain/key-prefix.ts'
import type { MissionVersion } from '../domain/mission.ts'
import { named } from '../domain/named-record.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { NamedRecord, Proposal, RatedBadge } from '../domain/proposal.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import type { Band, Given, Meaning, WithheldField } from '../questions/asking/question.ts'
import { foreseeUndo } from '../undo/plan/undo-plan.ts'
import { undoStatement } from '../undo/plan/undo-words.ts'
import { cautionsOf } from './cautions.ts'
import { parentsOf } from './given/names.ts'
import { groundsOf, groundsOfExpressions } from './grounds.ts'
import type { Part } from './templates/part.ts'

/** The card's sentence is no longer. */
const WORDS = 40
const RISKS: readonly Risk[] = ['low', 'medium', 'high']
const BANDS: readonly Band[] = ['strong', 'likely', 'uncertain']

interface Drafted {
  mission: Pick<MissionVersion, 'definition' | 'grant'>
  given: Given
  subject: RecordValues
  parts: readonly Part[]
  meanings: readonly Meaning[]
  gate: GateRequirement
  assertions: readonly Assertion[]
  /** Null: it may be written at once. */
  notBefore: string | null
}

export function proposalOf({
  mission,
  given,
  subject,
  parts,
  meanings,
  gate,
  assertions,
  notBefore,
}: Drafted): Proposal {
  const { evidence } = given
  const operations = parts.flatMap((part) => part.operations)
  const before = beforeOf(parts, evidence)
  const withheld = meanings.flatMap((meaning) => meaning.withheld ?? [])
  const badges = [...parts.flatMap((part) => part.badges), ...withheldBadge(withheld)]
  const checks = [...meanings.flatMap((each) => each.checks), ...parts.flatMap((each) => each.checks)]
  const sentence = sentenceOf(parts)
  const looked = [...meanings.flatMap(({ restsOn }) => restsOn), ...groundsOfExpressions(mission.definition, evidence)]
  const grounds = groundsOf(looked, [sentence, ...checks.map(({ label }) => label)], operations)
  return {
    subject: named(subject),
    operations,
    ...(grounds.length > 0 && { evidence: grounds }),
    base: Object.fromEntries(
      Object.entries(before).flatMap(([id, { SystemModstamp }]) =>
        typeof SystemModstamp === 'string' ? [[id, SystemModstamp]] : [],
      ),
    ),
    sentence,
    band: weakest(meanings),
    risk: riskOf(badges, gate),
    badges: badges.map(({ risk: _, ...badge }) => badge),
    checks,
    wrongIf: [...parts.flatMap(({ wrongIf }) => wrongIf), ...meanings.flatMap(({ wrongIf }) => wrongIf)],
    ...cautionsOf(withheld, evidence.labels),
    weighed: {
      related: Object.assign({}, ...parts.map(({ related }) => related)) as Record<string, number>,
      inactiveUsers: evidence.users.filter(({ isActive }) => !isActive).map(({ id }) => id),
    },
    gate,
    ...(assertions.length > 0 && { assertions: [...assertions] }),
    ...(notBefore !== null && { notBefore }),
    ...(operations.some(({ kind }) => kind === 'merge') && { keepsApart: true as const }),
    gatedFields: [...new Set(parts.flatMap(({ gatedFields }) => gatedFields))],
    lost: parts.flatMap(({ lost }) => lost),
    moves: parts.flatMap(({ moves }) => moves),
    expected: expectedDifferences(operations),
    undo: undoStatement(foreseeUndo(operations, mission.grant)),
    names: namesOf(parts, evidence),
    labels: labelsOf(parts, before, evidence),
    before,
  }
}

/** A record that addresses a model may have been written by an attacker: the risk is high. */
function withheldBadge(withheld: readonly WithheldField[]): RatedBadge[] {
  if (withheld.length === 0) return []
  return [{ code: 'text-withheld', label: ['A record’s text looks like instructions'], gated: false, risk: 'high' }]
}

/** Every record that a step has read, by id. */
export function recordsById({ records }: Evidence): Map<string, RecordValues> {
  return new Map(Object.values(records).flatMap((some) => some.map((record) => [record.id, record] as const)))
}

/** Values of every record that an operation touches. */
function beforeOf(parts: readonly Part[], evidence: Evidence): Proposal['before'] {
  const read = recordsById(evidence)
  const touched = parts.flatMap(({ operations }) => operations.flatMap(touchedBy)).map(({ id }) => id)
  const values = [...new Set(touched)].flatMap((id) => {
    const record = read.get(id)
    return record ? [[id, ownFields(record.values)] as const] : []
  })
  const added = parts.flatMap(({ before }) => Object.entries(before).map(([id, all]) => [id, ownFields(all)] as const))
  return Object.fromEntries([...values, ...added])
}

const ownFields = (values: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !field.includes('.')))

/** What the templates say, one after the other; names are cut only as far as that takes. */
function sentenceOf(parts: readonly Part[]): Phrase {
  const saying = parts.filter(({ operations }) => operations.length > 0)
  const sentence = (words: number): Phrase =>
    saying.flatMap((part, index) => (index === 0 ? part.sentence(words) : [' ', ...part.sentence(words)]))
  return [10, 8, 6, 5, 4, 3].map(sentence).find((each) => wordsOf(each) <= WORDS) ?? sentence(2)
}

/** Characters of a line on the Explain rail. */
const LINE = 90

/** The same in a line: as many of the templates as it takes, and how many more there are. */
export function lineOf(parts: readonly Part[]): Phrase {
  const saying = parts.filter(({ operations }) => operations.length > 0)
  let line: Phrase = []
  for (const [index, part] of saying.entries()) {
    const next = [...line, ...(index === 0 ? [] : [' ']), ...part.sentence(3)]
    const more = saying.length - index
    if (index > 0 && charactersOf(next) > LINE - 10) return [...line, ` And ${more} more.`]
    line = next
  }
  return line
}

const charactersOf = (phrase: Phrase): number =>
  phrase.reduce((sum, piece) => sum + characterCount(typeof piece === 'string' ? piece : piece.text), 0)

const wordsOf = (phrase: Phrase): number =>
  phrase
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('')
    .split(/\s+/)
    .filter((word) => word !== '').length

/** A proposal is as sure as the least sure answer it rests on. */
function weakest(meanings: readonly Meaning[]): Band {
  const ranks = meanings.flatMap(({ band }) => (band === null ? [] : [BANDS.indexOf(band)]))
  return BANDS[Math.max(0, ...ranks)] ?? 'uncertain'
}

/** That of the worst badge, high when more than one person must answer. */
function riskOf(badges: readonly { risk: Risk }[], gate: GateRequirement): Risk {
  const worst = Math.max(peopleNeeded(bothStages(gate)) > 1 ? 2 : 0, ...badges.map(({ risk }) => RISKS.indexOf(risk)))
  return RISKS[worst] ?? 'high'
}

/** Names of every record the proposal mentions: the card shows names, not ids. */
function namesOf(parts: readonly Part[], evidence: Evidence): Proposal['names'] {
  const all = [...recordsById(evidence).values()]
  const list: NamedRecord[] = [
    ...all.flatMap(({ values }) => parentsOf(values)),
    ...all.flatMap(({ children }) => childrenOf(children)),
    ...evidence.users.map(({ id, name }) => ({ object: 'User', id, name })),
    ...parts.flatMap(({ names }) => names),
    ...all.map(named),
  ]
  const mentioned = JSON.stringify(parts.flatMap(({ operations }) => operations))
  const kept = list.filter(
    ({ id }) => mentioned.includes(id) || parts.some(({ names }) => names.some((each) => each.id === id)),
  )
  return Object.fromEntries([...kept, ...all.map(named)].map((record) => [record.id, record]))
}

function childrenOf(children: RecordValues['children']): NamedRecord[] {
  return Object.values(children ?? {}).flatMap(({ records }) =>
    records.map((record) => named({ object: objectOfId(record.id), ...record })),
  )
}

function labelsOf(parts: readonly Part[], before: Proposal['before'], evidence: Evidence): Proposal['labels'] {
  const objects = new Map([...recordsById(evidence)].map(([id, { object }]) => [id, object]))
  const operations = parts.flatMap((part) => part.operations)
  const deleted = new Map(operations.flatMap(touchedBy).map(({ object, id }) => [id, object]))
  const read = Object.entries(before).flatMap(([id, values]) =>
    Object.keys(values).map((field) => `${objects.get(id) ?? deleted.get(id) ?? ''}.${field}`),
  )
  const set = operations.flatMap((op) => fieldsSetBy(op).map((field) => `${objectOfOperation(op)}.${field}`))
  const gated = parts.flatMap(({ gatedFields }) => gatedFields)
  const names = [...new Set([...read, ...set, ...gated])].sort()
  return Object.fromEntries(names.map((name) => [name, evidence.labels[name] ?? labelOf(name.split('.')[1] ?? name)]))
}
