import type { Operation } from '../../contract/operations/operation.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { InputMix } from '../domain/input-mix.ts'
import type { Proposal } from '../domain/proposal.ts'
import { countryCode } from '../matching/normal-forms/country.ts'
import { startStep } from '../missions/language/start-step.ts'
import type { PhaseContext } from '../runs/phase.ts'

/**
 * The mix of the record a run is about: its country as a code, which of the mission's fields it fills, the band and the kinds of
 * operations. No value of the record is in it.
 */
export function inputMix(
  { mission }: Pick<PhaseContext, 'mission'>,
  { object, values }: RecordValues,
  band: Proposal['band'] | null,
  operations: readonly Operation[],
): InputMix {
  const step = startStep(mission.definition)
  const own = (step?.fields ?? []).filter((field) => !field.includes('.'))
  const kinds = [...new Set(operations.map(({ kind }) => kind))].sort()
  return {
    country: countryOf(values),
    band: band ?? 'none',
    operations: kinds.length > 0 ? kinds.join(', ') : 'none',
    ...Object.fromEntries(own.map((field) => [`${object}.${field}`, isFilled(values[field]) ? 'filled' : 'empty'])),
  }
}

const isFilled = (value: unknown): boolean => value !== null && value !== undefined && value !== ''

function countryOf({ Country: country }: RecordValues['values']): string {
  if (!isFilled(country)) return 'none'
  return (typeof country === 'string' && countryCode(country)) || 'unknown'
}
