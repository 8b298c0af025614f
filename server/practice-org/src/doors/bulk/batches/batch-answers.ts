// The older API's answers, in XML, JSON and CSV.

import type { Response } from 'express'
import { buildXml } from '../../../wire/xml/build-xml.ts'
import type { BatchError } from './batch-error.ts'
import { batchFacts, jobFacts, type Clock } from './batch-info.ts'
import type { Batch, BatchJob } from './batch.ts'
import { formOf } from './batch-run.ts'
import { writeCsv } from '../jobs/csv.ts'
import { jsonRecord, xmlRecord } from './batch-records.ts'
import { errorText, type TriedRow } from '../jobs/row-writes.ts'

const NAMESPACE = 'http://www.force.com/2009/06/asyncapi/dataload'
const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'

/** Answers one call in the format it asked for. */
export class BatchAnswer {
  private readonly res: Response
  private readonly json: boolean

  constructor(res: Response, json: boolean) {
    this.res = res
    this.json = json
  }

  /** The same call, answered as the job's own content type wants it. */
  as(job: BatchJob): BatchAnswer {
    return new BatchAnswer(this.res, this.json || formOf(job) === 'JSON')
  }

  error({ code, message }: BatchError): void {
    const facts = { exceptionCode: code, exceptionMessage: message }
    this.res.status(400)
    if (this.json) this.sendJson(facts)
    else this.sendXml({ error: { '@xmlns': NAMESPACE, ...facts } })
  }

  job(job: BatchJob, batches: readonly Batch[]): void {
    const facts = jobFacts(job, batches, this.clock)
    if (this.json) this.sendJson({ ...nulls(facts), apiVersion: Number(job.caller.version), fastPathEnabled: false })
    else this.sendXml({ jobInfo: { '@xmlns': NAMESPACE, ...facts, apiVersion: job.caller.version } })
  }

  batch(batch: Batch): void {
    const facts = batchFacts(batch, this.clock)
    if (this.json) this.sendJson(nulls(facts))
    else this.sendXml({ batchInfo: { '@xmlns': NAMESPACE, ...facts } })
  }

  batches(batches: readonly Batch[]): void {
    const batchInfo = batches.map((batch) => batchFacts(batch, this.clock))
    if (this.json) this.sendJson({ batchInfo: batchInfo.map(nulls) })
    else this.sendXml({ batchInfoList: { '@xmlns': NAMESPACE, batchInfo } })
  }

  /** The ids of a query's results. */
  resultList(ids: readonly string[]): void {
    if (this.json) this.sendJson(ids)
    else this.sendXml({ 'result-list': { '@xmlns': NAMESPACE, result: ids } })
  }

  /** What a batch was sent. */
  request(type: string, content: Buffer | string): void {
    this.res.set('Content-Type', type).end(content)
  }

  private get clock(): Clock {
    const iso = (ms: number): string => new Date(ms).toISOString()
    return this.json ? (ms) => iso(ms).replace('Z', '+0000') : iso
  }

  private sendJson(value: unknown): void {
    this.res.set('Content-Type', 'application/json;charset=UTF-8').end(JSON.stringify(value))
  }

  private sendXml(value: Record<string, unknown>): void {
    this.res.set('Content-Type', 'application/xml;charset=UTF-8').end(PROLOG + buildXml(value))
  }
}

const nulls = (facts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value ?? null]))

export const CONTENT = { CSV: 'text/csv', XML: 'application/xml;charset=UTF-8', JSON: 'application/json;charset=UTF-8' }

/** The outcome of a batch of rows, part by part, in the form of its job. */
export function* outcome(
  form: keyof typeof CONTENT,
  parts: Iterable<{ body: string; first: number }>,
): Generator<string> {
  if (form === 'CSV') yield writeCsv([['Id', 'Success', 'Created', 'Error']])
  else yield form === 'JSON' ? '[' : `${PROLOG}<results xmlns="${NAMESPACE}">`
  for (const { body, first } of parts) {
    const tried = JSON.parse(body) as TriedRow[]
    if (form === 'CSV') yield writeCsv(tried.map(csvResult))
    else if (form === 'XML') yield tried.map((row) => buildXml({ result: xmlResult(row) })).join('')
    else yield (first > 0 ? ',' : '') + tried.map((row) => JSON.stringify(jsonResult(row))).join(',')
  }
  if (form !== 'CSV') yield form === 'JSON' ? ']' : '</results>'
}

const csvResult = ({ id, created, error }: TriedRow): string[] => [
  id,
  String(error === undefined),
  String(created),
  error ? errorText(error) : '',
]

function jsonResult({ id, created, error }: TriedRow): Record<string, unknown> {
  const errors = error ? [{ message: error.message, fields: error.fields, statusCode: error.code }] : []
  return { success: error === undefined, created, id: id || null, errors }
}

function xmlResult({ id, created, error }: TriedRow): Record<string, unknown> {
  const success = error === undefined
  if (success) return { id, success, created }
  return { errors: { fields: error.fields, message: error.message, statusCode: error.code }, success, created }
}

/** The result of a query, part by part, in the form of its job. */
export function* found(
  form: keyof typeof CONTENT,
  batch: Batch,
  typeOf: (path: string) => string,
  parts: Iterable<{ body: string; first: number }>,
): Generator<string> {
  if (form === 'CSV') yield batch.processed === 0 ? 'Records not found for this query' : writeCsv([batch.columns])
  else yield form === 'JSON' ? '[' : `${PROLOG}<queryResult xmlns="${NAMESPACE}" xmlns:xsi="${XSI}">`
  for (const { body, first } of parts) {
    const rows = JSON.parse(body) as never[]
    if (form === 'CSV') yield writeCsv(rows)
    else if (form === 'XML') yield rows.map((row) => buildXml({ records: xmlRecord(row) })).join('')
    else yield (first > 0 ? ',' : '') + rows.map((row) => JSON.stringify(jsonRecord(row, typeOf))).join(',')
  }
  if (form !== 'CSV') yield form === 'JSON' ? ']' : '</queryResult>'
}
