// Views of runs and observations for one reader.
import type { Cost, ObservationView, RunView } from '../../../contract/http.ts'
import { decimalOf } from '../../../contract/values/money.ts'
import { eraserWords } from '../../domain/erasure.ts'
import { render, restsOn, type ReadAccess } from '../../domain/phrase.ts'
import type { NewObservation, Observation, Run } from '../../domain/run.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { Wanted } from '../../visibility/visibility.ts'

const HIDDEN_VALUE = '(hidden value)'

export function wantedByRun(run: Run): { records: string[]; fields: string[] } {
  const rests = restsOn(run.reason ?? [])
  return {
    records: [
      ...(run.subject ? [run.subject.id] : []),
      ...rests.records.map(({ id }) => id),
      ...run.differences.flatMap(({ record, proposed, found }) => [record.id, ...idsIn([proposed, found])]),
    ],
    fields: [...rests.fields, ...run.differences.map(({ record, field }) => `${record.object}.${field}`)],
  }
}

const idsIn = (values: readonly unknown[]) =>
  values.filter((value): value is string => typeof value === 'string' && /^[a-zA-Z0-9]{18}$/.test(value))

/** Readers of the subject may see the run; a run without a subject is visible with `View_Missions`. */
export function maySeeRun(run: Run, access: ReadAccess): boolean {
  return run.subject === null || access.record(run.subject.id)
}

export function runView(run: Run, access: ReadAccess): RunView {
  const { id, mission, missionVersion, title, status, phase, nextTryAt, verdict, apiCalls, decisionId } = run
  const seen = run.subject !== null && access.record(run.subject.id)
  return {
    id,
    mission,
    missionVersion,
    title,
    status,
    phase,
    nextTryAt,
    verdict,
    apiCalls,
    tokens: run.tokens,
    cost: costView(run),
    decisionId,
    reason: reasonShown(run, access),
    launcher: run.trigger.launcher,
    subject: run.subject && { ...keyOf(run.subject), name: seen ? run.subjectName : null },
    differences: differencesOf(run, access),
    startedAt: run.startedAt,
    updatedAt: run.updatedAt,
    erased: run.erased && { at: run.erased.at, by: eraserWords(run.erased.by) },
  }
}

const keyOf = ({ object, id }: RecordKey) => ({ object, id })

function reasonShown({ reason, isAltered }: Run, access: ReadAccess): string | null {
  if (isAltered) return 'This run was changed in the database: what is shown of it may be wrong'
  return reason ? render(reason, access) : null
}

/** Null for a run that cost nothing. */
export function costView({ costMicros, currency }: Pick<Run, 'costMicros' | 'currency'>): Cost | null {
  return currency === null ? null : { amount: decimalOf(costMicros), currency }
}

/** A difference in a field hidden from the reader stays in the list, without its values. */
function differencesOf(run: Run, access: ReadAccess): RunView['differences'] {
  return run.differences
    .filter(({ record }) => access.record(record.id))
    .map(({ record, recordName, field, proposed, found, expected, reason }) => {
      const seen = access.field(`${record.object}.${field}`)
      const value = (raw: typeof proposed) =>
        seen && idsIn([raw]).every((id) => access.record(id)) ? raw : HIDDEN_VALUE
      const values = { proposed: value(proposed), found: value(found) }
      return { record: { ...keyOf(record), name: recordName }, field, ...values, expected, reason }
    })
}

export function wantedByObservation({ text, records = [], fields = [] }: NewObservation): {
  records: string[]
  fields: string[]
} {
  const rests = restsOn(text)
  return {
    records: [...rests.records, ...records].map(({ id }) => id),
    fields: [...rests.fields, ...fields],
  }
}

export function observationView(observation: Observation, access: ReadAccess): ObservationView {
  const { cursor, id, runId, phase, kind, text, citations = [], at } = observation
  const names = new Map(
    text.flatMap((piece) =>
      typeof piece !== 'string' && piece.record && !piece.field ? [[piece.record.id, piece.text]] : [],
    ),
  )
  const keys = new Map([...restsOn(text).records, ...(observation.records ?? [])].map((key) => [key.id, key]))
  const fields = new Set([...restsOn(text).fields, ...(observation.fields ?? [])])
  return {
    cursor,
    id,
    runId,
    phase,
    kind,
    at,
    text: render(text, access),
    records: [...keys.values()]
      .filter((key) => access.record(key.id))
      .map((key) => ({ ...keyOf(key), name: names.get(key.id) ?? null })),
    fields: [...fields].filter((field) => access.field(field)),
    citations: [...citations],
  }
}

/** Union of several needs. */
export function union(wanted: readonly Wanted[]): Wanted {
  return {
    records: wanted.flatMap(({ records }) => [...records]),
    fields: wanted.flatMap(({ fields }) => [...fields]),
  }
}
