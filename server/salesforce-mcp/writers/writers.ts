import type { TransactionKind } from '../../contract/operations/fields.ts'
import { compositeWriter } from './composite.ts'
import { conversionWriter } from './conversion.ts'
import { mergeWriter } from './merge.ts'
import { ownersWriter } from './owners.ts'
import type { TransactionWriter } from './transaction.ts'

/** The writer of each kind of transaction: the only code that sends a write to an org. */
export const WRITERS: Record<TransactionKind, TransactionWriter> = {
  composite: compositeWriter,
  owners: ownersWriter,
  convertLead: conversionWriter,
  merge: mergeWriter,
}
