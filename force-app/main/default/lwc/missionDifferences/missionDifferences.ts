// What was read back after a commit and is not what was proposed; expected differences are named as such.
import { LightningElement, api } from 'lwc'
import type { RunView } from '../../../../../server/contract/http.ts'

type Difference = RunView['differences'][number]

function text(value: Difference['found']): string {
  if (value === null || value === '') return '(blank)'
  return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value
}

export default class MissionDifferences extends LightningElement {
  @api differences: readonly Difference[] = []

  get rows(): {
    key: number
    record: Difference['record']
    field: string
    proposed: string
    found: string
    why: string
  }[] {
    return [...this.differences]
      .sort((a, b) => Number(a.expected) - Number(b.expected))
      .map(({ record, field, proposed, found, expected, reason }, key) => ({
        key,
        record,
        field,
        proposed: text(proposed),
        found: text(found),
        why: expected ? `Expected: ${reason}` : reason,
      }))
  }
}
