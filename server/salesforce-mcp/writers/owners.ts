import { TRANSFERS } from '../../contract/operations/change-owner.ts'
import { isIn, type KindIn, type OperationOf } from '../../contract/operations/operation.ts'
import { ToolFailure } from '../failure/failure.ts'
import { refusalOfRows, soapRecord, soapWrite, type Xml } from '../org/soap.ts'
import type { Effect, Transaction, TransactionWriter } from './transaction.ts'
import { readStates, type States } from './state.ts'

type ChangeOwner = OperationOf<KindIn<'owners'>>

/** Owner changes go over SOAP: REST has no owner-change options and drops the account team. */
export const ownersWriter: TransactionWriter = {
  async write(transaction, { services, count }) {
    const changes = changesOf(transaction)
    const headers: [string, Xml][] = [
      ['AllOrNoneHeader', [['allOrNone', true]]],
      [
        'OwnerChangeOptions',
        ownerChangeOptions(changes).map(([type, execute]) => [
          'options',
          [
            ['type', type],
            ['execute', execute],
          ],
        ]),
      ],
    ]
    const content: Xml = changes.map(({ object, id, to }) => ['sObjects', soapRecord(object, id, { OwnerId: to })])
    services.writes.assertOn()
    const results = await soapWrite(services.writer, { name: 'update', content, headers }, count)
    return refusalOfRows(results) ?? { status: 'written' }
  },
  async probe(transaction, { services, count }) {
    const states = await readStates(services.writer, services.schemas, transaction.operations, count)
    return owned(transaction, states) ? { status: 'written' } : null
  },
  stands(transaction): Effect | null {
    return owned(transaction, transaction.states) ? { status: 'already' } : null
  },
}

function changesOf({ operations }: Transaction): ChangeOwner[] {
  return operations.filter((operation) => isIn('owners', operation))
}

function owned(transaction: Transaction, states: States): boolean {
  return changesOf(transaction).every(({ id, to }) => states.get(id)?.values.OwnerId === to)
}

/** Only these mean something for objects other than accounts. */
const FOR_ANY_OBJECT: readonly string[] = ['TransferOpenActivities', 'TransferNotesAndAttachments', 'SendEmail']
const FOR_ACCOUNTS = TRANSFERS.filter((name) => !FOR_ANY_OBJECT.includes(name))
/** `KeepSalesTeam` also rules the opportunities that move with an account. */
function teamOptions({ object, transfer }: ChangeOwner): string[] {
  if (object === 'Opportunity') return ['KeepSalesTeam']
  if (object !== 'Account') return []
  return ['KeepAccountTeam', ...(transfer.some((name) => name.endsWith('Opportunities')) ? ['KeepSalesTeam'] : [])]
}

/**
 * The options of one SOAP update, which hold for all its rows, each stated, since the defaults differ by object.
 * Throws ToolFailure `bad-request` when the changes cannot be one request: two want different things of one option, or
 * accounts go from or to different owners (SOAP API Developer Guide, OwnerChangeOptions: "must have the same old owner and the
 * same new owner").
 */
export function ownerChangeOptions(changes: readonly ChangeOwner[]): [type: string, execute: boolean][] {
  const accounts = changes.filter(({ object }) => object === 'Account')
  if (new Set(accounts.map(({ from, to }) => `${from} ${to}`)).size > 1) {
    throw new ToolFailure('bad-request', 'accounts of one change set must go from one owner to one owner')
  }
  const options = new Map<string, boolean>()
  for (const change of changes) {
    for (const [type, execute] of wantedBy(change)) {
      if (options.get(type) === !execute) {
        throw new ToolFailure('bad-request', `owner changes of one change set disagree about ${type}`)
      }
      options.set(type, execute)
    }
  }
  return [...options]
}

function wantedBy(change: ChangeOwner): [string, boolean][] {
  const { object, keepTeam, transfer } = change
  const known = object === 'Account' ? [...FOR_ANY_OBJECT, ...FOR_ACCOUNTS] : FOR_ANY_OBJECT
  const names = new Set([...known, ...transfer])
  return [
    ...teamOptions(change).map((name): [string, boolean] => [name, keepTeam]),
    ...[...names].map((name): [string, boolean] => [name, transfer.some((each) => each === name)]),
  ]
}
