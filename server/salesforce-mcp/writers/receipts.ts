import { z } from 'zod'
import { receiptKey } from '../../contract/operations/operation.ts'
import { packaged } from '../org/names.ts'
import { quoted, type Query, type Row } from '../org/query.ts'

export interface Receipt {
  id: string
  key: string
  createdDate: string
}

/** Looks for the receipt of the change set's first transaction: the only one that can carry one. */
export function receiptQuery(namespace: string, digest: string): Query {
  const key = packaged(namespace, 'Key__c')
  const object = packaged(namespace, 'Mission_Receipt__c')
  return { soql: `SELECT Id, ${key}, CreatedDate FROM ${object} WHERE ${key} = ${quoted(receiptKey(digest, 1))}` }
}

const Found = z.object({ Id: z.string(), CreatedDate: z.string() })

export function receiptOf(namespace: string, row: Row | undefined): Receipt | null {
  const found = Found.safeParse(row)
  if (!row || !found.success) return null
  return { id: found.data.Id, key: String(row[packaged(namespace, 'Key__c')]), createdDate: found.data.CreatedDate }
}
