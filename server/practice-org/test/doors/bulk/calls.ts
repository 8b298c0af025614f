// Bulk calls as a client without a library makes them.
import { expect } from 'vitest'
import { parseCsv } from '../../../src/doors/bulk/jobs/csv.ts'
import { rest, type Json } from '../../support/running-org.ts'

export interface Session {
  url: string
  token: string
}

const json = (value: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(value) })

/** Opens a job of Bulk API 2.0. */
export const open = ({ url, token }: Session, kind: 'ingest' | 'query', order: Json) =>
  rest(url, token, `/jobs/${kind}`, json(order))

export const upload = ({ url, token }: Session, id: string, body: string | Buffer, type = 'text/csv') =>
  rest(url, token, `/jobs/ingest/${id}/batches`, { method: 'PUT', body, headers: { 'content-type': type } })

export const change = ({ url, token }: Session, id: string, state: string, kind = 'ingest') =>
  rest(url, token, `/jobs/${kind}/${id}`, { method: 'PATCH', body: JSON.stringify({ state }) })

/** The job once it has ended. */
export async function ended({ url, token }: Session, id: string, kind = 'ingest'): Promise<Json> {
  let info: Json = {}
  await expect
    .poll(async () => (info = (await rest(url, token, `/jobs/${kind}/${id}`)).body as Json)['state'], {
      interval: 5,
      timeout: 20_000,
    })
    .toMatch(/JobComplete|Failed|Aborted/)
  return info
}

/** Runs a whole ingest job and gives it as it ended. */
export async function ingest(session: Session, order: Json, csv: string): Promise<Json & { id: string }> {
  const { id } = (await open(session, 'ingest', order)).body as { id: string }
  await upload(session, id, csv)
  await change(session, id, 'UploadComplete')
  return { ...(await ended(session, id)), id }
}

/** Rows of a result file, its header first. */
export async function file({ url, token }: Session, path: string, delimiter = ','): Promise<string[][]> {
  return parseCsv(await text({ url, token }, path), delimiter)
}

export async function text({ url, token }: Session, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${url}/services/data/v62.0${path}`, { headers })).text()
}

/** A call of the older API, as it answers. */
export async function older(
  { url, token }: Session,
  path: string,
  init: { method?: string; body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  const headers = { 'x-sfdc-session': token, ...init.headers }
  const response = await fetch(`${url}/services/async/62.0${path}`, { ...init, headers })
  return { status: response.status, text: await response.text() }
}

/** What an element says in an answer that has it once. */
export const said = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
