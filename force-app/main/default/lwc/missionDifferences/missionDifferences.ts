// Values that read back otherwise than proposed; expected differences are named as such and folded.
import { LightningElement, api } from 'lwc'
import { formatCount, formatLabel, sharedLabels } from 'c/missionWords'
import type { RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

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
  if (value === null || value === '') return sharedLabels.blank
  return typeof value === 'boolean' ? (value ? sharedLabels.yes : sharedLabels.no) : value
}

export default class MissionDifferences extends LightningElement {
  @api differences: readonly Difference[] = []

  readonly labels = labels

  get surprising(): Line[] {
    return this.lines(false)
  }

  get expected(): (Line & { note: string })[] {
    return this.lines(true).map((line) => ({ ...line, note: formatLabel(labels.expected, line.reason) }))
  }

  get isSurprising(): boolean {
    return this.surprising.length > 0
  }

  get hasExpected(): boolean {
    return this.expected.length > 0
  }

  get expectedTitle(): string {
    return formatCount(this.expected.length, labels.expectedOne, labels.expectedMany)
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
