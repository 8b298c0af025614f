import type { OrgError } from '../../../org/org.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

/** `GET /search?q=FIND {…}`. */
export function runSearch(request: RestRequest, context: RestContext): RestResponse {
  const sosl = request.query.get('q')
  if (!sosl) throw noTerm()
  return ok({ searchRecords: context.org.search(context.caller, sosl) })
}

/** `GET /search/scopeOrder`: what a search looks through, first what this user has looked at most. */
export function searchScope(_request: RestRequest, { org, caller, base }: RestContext): RestResponse {
  const seen = new Map<string, number>()
  for (const { Type } of org.query(caller, 'SELECT Type FROM RecentlyViewed').records) {
    seen.set(String(Type), (seen.get(String(Type)) ?? 0) + 1)
  }
  const names = org
    .describeGlobal(caller)
    .filter((object) => object['searchable'] === true)
    .map((object) => String(object['name']))
    .sort((a, b) => (seen.get(b) ?? 0) - (seen.get(a) ?? 0))
  return ok(names.map((name) => ({ type: name, url: `${base}/sobjects/${name}/describe` })))
}

export function noTerm(): OrgError {
  return refusal.badInput('No search term found. The search term must be enclosed in braces.', 'MALFORMED_SEARCH')
}
