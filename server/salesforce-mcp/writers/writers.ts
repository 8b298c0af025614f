import type { TransactionKind } from '../../contract/operations/fields.ts'
import { compositeWriter } from './composite.ts'
import { conversionWriter } from './conversion.ts'
import { mergeWriter } from './merge.ts'
import { ownersWriter } from './owners.ts'
import { reattachWriter } from './reattach.ts'
import type { TransactionWriter } from './transaction.ts'
import { undeleteWriter } from './undelete.ts'

/** The writer of each kind of transaction: the only code that sends a write to an org. */
export const WRITERS: Record<TransactionKind, TransactionWriter> = {
  composite: compositeWriter,
  owners: ownersWriter,
  undelete: undeleteWriter,
  reattach: reattachWriter,
  convertLead: conversionWriter,
  merge: mergeWriter,
}
