import { z } from 'zod'
import { receiptKey } from '../../contract/operations/operation.ts'
import type { Subrequest } from '../org/composite.ts'
import { packaged } from '../org/names.ts'
import { quoted, type Query, type Row } from '../org/query.ts'

export interface Receipt {
  id: string
  key: string
  createdDate: string
  /** It stands in the place of a commit whose approval ended: nothing was written. */
  voided: boolean
}

/** What a receipt says of its commit, by field. */
export interface ReceiptFields {
  decision: string
  digest: string
  transaction: number
  run: string
  mission: string
  anchor: string | null
  /** User ids. */
  approvedBy: readonly string[]
  voided: boolean
}

const OBJECT = 'Mission_Receipt__c'

/** Looks for the receipt of the change set's first transaction: the only one that can carry one. */
export function receiptQuery(namespace: string, digest: string): Query {
  const [key, voided] = ['Key__c', 'Voided__c'].map((name) => packaged(namespace, name))
  const where = `${key} = ${quoted(receiptKey(digest, 1))}`
  return { soql: `SELECT Id, ${key}, ${voided}, CreatedDate FROM ${packaged(namespace, OBJECT)} WHERE ${where}` }
}

/** Looks for a receipt of a decision of this mission that was written. */
export function writtenQuery(namespace: string, decision: string, mission: string): Query {
  const [of, voided, by] = ['Decision__c', 'Voided__c', 'Mission__c'].map((name) => packaged(namespace, name))
  const where = `${of} = ${quoted(decision)} AND ${voided} = false AND ${by} LIKE ${quoted(`${mission}@%`)}`
  return { soql: `SELECT Id FROM ${packaged(namespace, OBJECT)} WHERE ${where} LIMIT 1` }
}

const Found = z.object({ Id: z.string(), CreatedDate: z.string() })

export function receiptOf(namespace: string, row: Row | undefined): Receipt | null {
  const found = Found.safeParse(row)
  if (!row || !found.success) return null
  const { Id: id, CreatedDate: createdDate } = found.data
  const [key, voided] = ['Key__c', 'Voided__c'].map((name) => row[packaged(namespace, name)])
  return { id, key: String(key), createdDate, voided: voided === true }
}

/** The request that creates a receipt; the org refuses a second one under its key. */
export function receiptRequest(fields: ReceiptFields, namespace: string, referenceId: string): Subrequest {
  const { decision, digest, transaction, run, mission, anchor, approvedBy, voided } = fields
  const body = {
    Key__c: receiptKey(digest, transaction),
    Decision__c: decision,
    Digest__c: digest,
    Transaction__c: transaction,
    Run__c: run,
    Mission__c: mission,
    ...(anchor !== null && { Anchor__c: anchor }),
    ...(approvedBy.length > 0 && { Approved_By__c: approvedBy.join(',') }),
    ...(voided && { Voided__c: true }),
  }
  const named = Object.entries(body).map(([name, value]) => [packaged(namespace, name), value])
  const path = `/sobjects/${packaged(namespace, OBJECT)}`
  return { method: 'POST', path, referenceId, body: Object.fromEntries(named) as object }
}
