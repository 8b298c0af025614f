// What was read back after a commit and is not what was proposed; expected differences are named as such and folded.
import { LightningElement, api } from 'lwc'
import { counted } from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'

type Difference = RunView['differences'][number]

interface Line {
  key: number
  record: Difference['record']
  field: string
  proposed: string
  found: string
  reason: string
}

function text(value: Difference['found']): string {
  if (value === null || value === '') return '(blank)'
  return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value
}

export default class MissionDifferences extends LightningElement {
  @api differences: readonly Difference[] = []

  get surprising(): Line[] {
    return this.lines(false)
  }

  get expected(): Line[] {
    return this.lines(true)
  }

  get isSurprising(): boolean {
    return this.surprising.length > 0
  }

  get hasExpected(): boolean {
    return this.expected.length > 0
  }

  get expectedTitle(): string {
    return counted(this.expected.length, 'expected difference')
  }

  private lines(expected: boolean): Line[] {
    return this.differences
      .filter((difference) => difference.expected === expected)
      .map(({ record, field, proposed, found, reason }, key) => ({
        key,
        record,
        field,
        proposed: text(proposed),
        found: text(found),
        reason,
      }))
  }
}
