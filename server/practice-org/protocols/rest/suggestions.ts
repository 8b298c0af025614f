import { refusal } from '../http/errors.ts'
import { soqlText } from '../writes/row.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

const MOST = 5

/** `GET /search/suggestions?q=&sobject=`: records whose name begins with what was typed. */
export function suggest(request: RestRequest, { org, caller }: RestContext): RestResponse {
  const [term, object] = [request.query.get('q') ?? '', request.query.get('sobject') ?? '']
  if (!/^\w+$/.test(object)) throw refusal.badInput('sobject must be specified', 'MISSING_ARGUMENT')
  if (term.length < 2) throw refusal.badInput('search term must be at least 2 characters', 'MALFORMED_SEARCH')
  const pattern = soqlText(`${term.replace(/[%_\\]/g, (character) => `\\${character}`)}%`)
  const limit = Math.min(MOST, Math.max(1, Number(request.query.get('limit')) || MOST))
  const page = org.query(caller, `SELECT Id, Name FROM ${object} WHERE Name LIKE ${pattern} LIMIT ${limit + 1}`)
  return ok({ autoSuggestResults: page.records.slice(0, limit), hasMoreResults: page.records.length > limit })
}
