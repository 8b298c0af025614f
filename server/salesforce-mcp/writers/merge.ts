import { isIn, type KindIn, type OperationOf } from '../../contract/operations/operation.ts'
import { ToolFailure } from '../failure/failure.ts'
import { soapRecord, soapWrite, type Xml } from '../org/soap.ts'
import type { Effect, OrgRefusal, Transaction, TransactionWriter } from './transaction.ts'
import { readStates, type States } from './state.ts'

type Merge = OperationOf<KindIn<'merge'>>

/** A record that was merged away is deleted, so a merge refuses a repeat by nature. */
export const mergeWriter: TransactionWriter = {
  async write(transaction, { services, count }) {
    const { object, survivor, losers, fields } = mergeOf(transaction)
    const values = Object.fromEntries(Object.entries(fields).map(([name, { to }]) => [name, to]))
    const content: Xml = [
      [
        'request',
        [
          ['masterRecord', soapRecord(object, survivor, values)],
          ...losers.map((id): [string, Xml] => ['recordToMergeIds', id]),
        ],
      ],
    ]
    services.writes.assertOn()
    const [result] = await soapWrite(services.writer, { name: 'merge', content }, count)
    if (!result?.success) return result?.error ?? NO_REASON
    return { status: 'written', moved: texts(result.raw.updatedRelatedIds) }
  },
  async probe(transaction, { services, count }) {
    const states = await readStates(services.writer, services.schemas, transaction.operations, count)
    return merged(transaction, states) ? { status: 'written' } : null
  },
  stands(transaction): Effect | null {
    return merged(transaction, transaction.states) ? { status: 'already' } : null
  },
}

const NO_REASON: OrgRefusal = { code: 'UNKNOWN', message: 'the org gave no reason', fields: [] }

function mergeOf({ operations }: Transaction): Merge {
  const [operation] = operations
  if (!operation || !isIn('merge', operation)) throw new ToolFailure('bad-request', 'this transaction merges nothing')
  return operation
}

function merged(transaction: Transaction, states: States): boolean {
  const { survivor, losers } = mergeOf(transaction)
  return losers.every((id) => {
    const values = states.get(id)?.values
    return values?.IsDeleted === true && values.MasterRecordId === survivor
  })
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
