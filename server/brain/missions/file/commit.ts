import { CommitTimes } from '../../../contract/commit-times/commit-times.ts'
import { Expression } from './words.ts'

export const Commit = CommitTimes.partial({ zone: true })
  .extend({
    notBefore: Expression.optional().describe('A date or time before which this change is not written; blank: none'),
  })
  .describe('When an approved change is written')
