import { isSince } from '../../../org/api-versions.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { atOnce, isPieces, type Pieces } from './pieces.ts'
import type { RestContext, RestHandler, RestRequest, RestResponse } from './request.ts'

/** A path below the version. `:x` captures one segment, a last `*` takes all that follow. Handlers get the captures in order, a `*` as many as there are. */
export interface RestRoute {
  pattern: string
  /** By HTTP method. HEAD is answered as GET. */
  methods: Record<string, RestHandler>
  /** The version of the API that brought the resource, where a spoken version is older: before it, the path leads nowhere. */
  since?: number
  /** Narrows a pattern that two resources share. */
  when?: (context: RestContext, ...captured: string[]) => boolean
}

/**
 * Runs the handler that the path and method name.
 * Throws OrgError NOT_FOUND, METHOD_NOT_ALLOWED, or whatever the org refuses with.
 */
export function dispatch(
  routes: RestRoute[],
  request: RestRequest,
  context: RestContext,
): RestResponse | Pieces<RestResponse> {
  const asked = methodOf(request)
  const method = asked === 'HEAD' ? 'GET' : asked
  for (const route of routes) {
    const captured = match(route.pattern, request.segments)
    if (
      !captured ||
      !isSince(context.caller.version, route.since ?? 0) ||
      (route.when && !route.when(context, ...captured))
    )
      continue
    const handler = route.methods[method]
    if (!handler) throw refusal.method(request.method, allowed(route, request.method))
    return handler({ ...request, method }, context, ...captured)
  }
  throw refusal.notFound()
}

/** `dispatch` for a call inside another, without a break. */
export function dispatchAtOnce(routes: RestRoute[], request: RestRequest, context: RestContext): RestResponse {
  const answer = dispatch(routes, request, context)
  return isPieces(answer) ? atOnce(answer) : answer
}

/** What may be sent instead; a POST may stand for a PATCH, which whoever posts already knows. */
function allowed({ methods }: RestRoute, used: string): string[] {
  const names = new Set([...Object.keys(methods), 'HEAD'])
  if (names.has('PATCH') && used !== 'POST') names.add('POST')
  return [...names]
}

const OVERRIDING = new Set(['DELETE', 'GET', 'HEAD', 'PATCH', 'PUT'])

/** Clients that cannot send a method, PATCH above all, post with `?_HttpMethod=PATCH`. */
function methodOf(request: RestRequest): string {
  const override = request.query.get('_HttpMethod')?.toUpperCase() ?? ''
  return request.method === 'POST' && OVERRIDING.has(override) ? override : request.method
}

function match(pattern: string, segments: string[]): string[] | undefined {
  const parts = pattern === '' ? [] : pattern.split('/')
  const open = parts.at(-1) === '*'
  if (open) parts.pop()
  if (open ? segments.length <= parts.length : segments.length !== parts.length) return undefined
  const captured: string[] = []
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ''
    if (part.startsWith(':')) captured.push(segment)
    else if (part !== segment) return undefined
  }
  return open ? [...captured, ...segments.slice(parts.length)] : captured
}
