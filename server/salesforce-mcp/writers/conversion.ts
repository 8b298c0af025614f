import { isIn, type KindIn, type OperationOf } from '../../contract/operations/operation.ts'
import { ToolFailure } from '../failure/failure.ts'
import { idList, runQueries } from '../org/query.ts'
import { soapWrite, type Xml } from '../org/soap.ts'
import type { Effect, OrgRefusal, Transaction, TransactionWriter } from './transaction.ts'

type ConvertLead = OperationOf<KindIn<'convertLead'>>

/** A converted lead refuses a second conversion by nature. */
export const conversionWriter: TransactionWriter = {
  async write(transaction, { services, count }) {
    const content: Xml = [['leadConverts', request(conversionOf(transaction))]]
    services.writes.assertOn()
    const [result] = await soapWrite(services.writer, { name: 'convertLead', content }, count)
    if (!result?.success) return result?.error ?? NO_REASON
    const { accountId, contactId, opportunityId } = result.raw
    return { status: 'written', created: named({ account: accountId, contact: contactId, opportunity: opportunityId }) }
  },
  async probe(transaction, { services, count }) {
    const { id } = conversionOf(transaction)
    const fields = 'IsConverted, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId'
    const soql = `SELECT Id, ${fields} FROM Lead WHERE Id IN ${idList([id])}`
    const [result] = await runQueries(services.writer, [{ soql }], count)
    const row = result?.rows[0]
    if (row?.IsConverted !== true) return null
    const { ConvertedAccountId: account, ConvertedContactId: contact, ConvertedOpportunityId: opportunity } = row
    return { status: 'written', created: named({ account, contact, opportunity }) }
  },
  stands(transaction): Effect | null {
    const lead = transaction.states.get(conversionOf(transaction).id)
    return lead?.values.IsConverted === true ? { status: 'already' } : null
  },
}

const NO_REASON: OrgRefusal = { code: 'UNKNOWN', message: 'the org gave no reason', fields: [] }

function conversionOf({ operations }: Transaction): ConvertLead {
  const [operation] = operations
  if (!operation || !isIn('convertLead', operation))
    throw new ToolFailure('bad-request', 'this transaction converts no lead')
  return operation
}

function request({ id, convertedStatus, ownerId, accountId, contactId, opportunity }: ConvertLead): Xml {
  return [
    ...(accountId ? [['accountId', accountId] as [string, Xml]] : []),
    ...(contactId ? [['contactId', contactId] as [string, Xml]] : []),
    ['convertedStatus', convertedStatus],
    ['doNotCreateOpportunity', opportunity === 'none'],
    ['leadId', id],
    ['overwriteLeadSource', false],
    ...(ownerId ? [['ownerId', ownerId] as [string, Xml]] : []),
    ['sendNotificationEmail', false],
  ]
}

function named(ids: Record<string, unknown>): Record<string, string> {
  const known = Object.entries(ids).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  return Object.fromEntries(known)
}
