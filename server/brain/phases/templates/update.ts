import type { Operation } from '../../../contract/operations/operation.ts'
import { comparedAs, sameValue } from '../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { UpdateTemplate } from '../../domain/mission.ts'
import { named } from '../../domain/named-record.ts'
import type { Phrase } from '../../domain/phrase.ts'
import { inWords, nameOf } from '../../domain/say.ts'
import { recordOf } from '../../questions/asking/question.ts'
import { holds } from '../given/given.ts'
import { NOTHING, type Drafting, type Part } from './part.ts'
import { computed, settings, shownOf, type Computed } from './values.ts'

const OWNER = 'OwnerId'

/** Changes a step's record: fields that hold the value already stay out, and so does what the org did not let us read. */
export function updatePart(template: UpdateTemplate, { given }: Drafting): Part {
  const record = recordOf(given.evidence, template.record)
  if (!record || !holds(template.when, given)) return NOTHING
  const { values, say } = computed(record.object, template, given)
  const changed = values.filter((value) => isChange(value, record, given.evidence.types))
  const owner = changed.find(({ field }) => field === OWNER)
  const plain = changed.filter(({ field }) => field !== OWNER)
  const operations = [...updateOf(record, plain), ...ownerChangeOf(record, owner)]
  return {
    ...NOTHING,
    operations,
    say,
    sentence: (words) => sentenceOf(words, record, { plain, owner, given }),
    badges: owner ? [{ code: 'owner-changes', label: ['Owner changes'], gated: true, risk: 'medium' }] : [],
    gatedFields: owner ? [`${record.object}.${OWNER}`] : [],
  }
}

function isChange(
  { field, to }: Computed,
  record: RecordValues,
  types: Drafting['given']['evidence']['types'],
): boolean {
  if (!(field in record.values)) return false
  const type = types[record.object]?.[field]
  return !sameValue(record.values[field], to, type === undefined ? null : comparedAs(type))
}

function updateOf(record: RecordValues, changed: readonly Computed[]): Operation[] {
  if (changed.length === 0) return []
  const fields = changed.map(
    ({ field, to, source }) => [field, { from: record.values[field] ?? null, to, source }] as const,
  )
  return [{ kind: 'update', object: record.object, id: record.id, fields: Object.fromEntries(fields) }]
}

/** Of a record without an owner none can be changed. */
function ownerChangeOf({ object, id, values }: RecordValues, owner: Computed | undefined): Operation[] {
  const from = values[OWNER]
  if (!owner || typeof from !== 'string' || typeof owner.to !== 'string') return []
  const { to, source } = owner
  return [{ kind: 'changeOwner', object, id, from, to, source, keepTeam: true, transfer: [] }]
}

function sentenceOf(
  words: number,
  { object, id, values }: RecordValues,
  { plain, owner, given }: { plain: readonly Computed[]; owner: Computed | undefined; given: Drafting['given'] },
): Phrase {
  const name = inWords(nameOf(named({ object, id, values })), words)
  const set: Phrase =
    plain.length === 0 ? [] : ['Set ', ...settings({ object, id }, plain, given, words), ' of ', name, '.']
  const goes: Phrase = owner ? [name, ' goes to ', shownOf({ object, id }, owner, 3), '.'] : []
  return plain.length > 0 && owner ? [...set, ' ', ...goes] : [...set, ...goes]
}
