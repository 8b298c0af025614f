import { isIn, type KindIn, type OperationOf } from '../../contract/operations/operation.ts'
import { refusalOfRows, soapWrite, type Xml } from '../org/soap.ts'
import { isGone, readStates, type States } from './state.ts'
import type { Effect, Transaction, TransactionWriter } from './transaction.ts'

type Undelete = OperationOf<KindIn<'undelete'>>

/** REST has no undelete. A record that is not in the Recycle Bin refuses one, so a restore refuses a repeat by nature. */
export const undeleteWriter: TransactionWriter = {
  async write(transaction, { services, count }) {
    const headers: [string, Xml][] = [['AllOrNoneHeader', [['allOrNone', true]]]]
    const content: Xml = restoresOf(transaction).map(({ id }) => ['ids', id])
    services.writes.assertOn()
    const results = await soapWrite(services.writer, { name: 'undelete', content, headers }, count)
    return refusalOfRows(results) ?? { status: 'written' }
  },
  async probe(transaction, { services, count }) {
    const states = await readStates(services.writer, services.schemas, transaction.operations, count)
    return restored(transaction, states) ? { status: 'written' } : null
  },
  stands(transaction): Effect | null {
    return restored(transaction, transaction.states) ? { status: 'already' } : null
  },
}

const restoresOf = ({ operations }: Transaction): Undelete[] =>
  operations.filter((operation) => isIn('undelete', operation))

const restored = (transaction: Transaction, states: States): boolean =>
  restoresOf(transaction).every(({ id }) => !isGone(states.get(id)))
