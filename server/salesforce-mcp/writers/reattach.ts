import type { FieldValue } from '../../contract/values/field-value.ts'
import type { OperationOf } from '../../contract/operations/operation.ts'
import { setBy } from '../../contract/operations/operation.ts'
import { refusalOfRows, soapRecord, soapWrite, type Xml } from '../org/soap.ts'
import { isGone, readStates, type States } from './state.ts'
import type { Effect, Transaction, TransactionWriter } from './transaction.ts'
import { sameValue } from '../../contract/values/field-value.ts'

type Update = OperationOf<'update'>

/**
 * Points lookups at records that the same change set restored: after them, so not with the composite that holds the receipt. One
 * request for up to 200 records; a repeat sets the same values.
 */
export const reattachWriter: TransactionWriter = {
  async write(transaction, { services, count }) {
    const headers: [string, Xml][] = [['AllOrNoneHeader', [['allOrNone', true]]]]
    const content: Xml = updatesOf(transaction).map(({ object, id, fields }) => {
      const values = Object.fromEntries(Object.entries(fields).map(([name, { to }]) => [name, to]))
      return ['sObjects', soapRecord(object, id, values)]
    })
    services.writes.assertOn()
    const results = await soapWrite(services.writer, { name: 'update', content, headers }, count)
    return refusalOfRows(results) ?? { status: 'written' }
  },
  async probe(transaction, { services, count }) {
    const states = await readStates(services.writer, services.schemas, transaction.operations, count)
    return attached(transaction, states) ? { status: 'written' } : null
  },
  stands(transaction): Effect | null {
    return attached(transaction, transaction.states) ? { status: 'already' } : null
  },
}

const updatesOf = ({ operations }: Transaction): Update[] =>
  operations.filter((operation): operation is Update => operation.kind === 'update')

function attached(transaction: Transaction, states: States): boolean {
  return updatesOf(transaction)
    .flatMap(setBy)
    .every(({ record, field, to }) => {
      const state = record ? states.get(record.id) : undefined
      return !isGone(state) && sameValue(to, valueOf(state?.values, field), state?.schema.comparedAs(field) ?? null)
    })
}

const valueOf = (values: Readonly<Record<string, FieldValue>> | undefined, field: string): FieldValue =>
  values?.[field] ?? null
