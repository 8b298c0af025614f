// Graphs of calls, each of them all or nothing.

import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import { errorEntry, refusal } from '../../wire/http/errors.ts'
import { isFailure, requireDistinct, runTogether, SubRequest, type SubResponse } from './composite.ts'
import type { RestRoute } from './request/dispatch.ts'
import type { Pieces } from './request/pieces.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'

const MAX_GRAPHS = 75
const MAX_NODES = 500
const MAX_DEPTH = 15
const MAX_KINDS = 15
/** When so many graphs have failed, the others are not tried. */
const MAX_FAILED = 14

const Graph = z.object({ graphId: z.string().min(1), compositeRequest: z.array(SubRequest).min(1) })
const Graphs = z.object({ graphs: z.array(Graph).min(1) })
type Graph = z.infer<typeof Graph>

/** `POST /composite/graph`: each graph is one all-or-none transaction of up to 500 calls; one API call in all. */
export function* runGraphs(routes: RestRoute[], request: RestRequest, context: RestContext): Pieces<RestResponse> {
  const parsed = Graphs.safeParse(request.body)
  if (!parsed.success) throw refusal.shape(parsed.error.issues[0]?.path ?? [])
  const { graphs } = parsed.data
  if (graphs.length > MAX_GRAPHS) throw refusal.badInput(`Maximum graphs allowed: ${MAX_GRAPHS}.`, 'LIMIT_EXCEEDED')
  const ids = graphs.map(({ graphId }) => graphId)
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated) throw refusal.badInput(`Duplicate graphId provided in the request: ${repeated}`, 'DUPLICATE_VALUE')
  for (const graph of graphs) checkSize(graph)
  let failed = 0
  const answers = []
  for (const graph of graphs) {
    const isHalted = failed > MAX_FAILED
    const compositeResponse = isHalted ? halted(graph) : runTogether(routes, graph.compositeRequest, context)
    const isSuccessful = !compositeResponse.some(isFailure)
    if (!isSuccessful) failed += 1
    answers.push({ graphId: graph.graphId, graphResponse: { compositeResponse }, isSuccessful })
    yield
  }
  return ok({ graphs: answers })
}

/** Throws OrgError LIMIT_EXCEEDED for a graph too large, too deep or of too many kinds of nodes. */
function checkSize({ compositeRequest }: Graph): void {
  requireDistinct(compositeRequest)
  const kinds = new Set(compositeRequest.map(({ url }) => /\/sobjects\/(\w+)/.exec(url)?.[1] ?? url))
  const sizes: [string, number, number][] = [
    ['nodes per graph', compositeRequest.length, MAX_NODES],
    ['depth of a graph', depthOf(compositeRequest), MAX_DEPTH],
    ['kinds of nodes per graph', kinds.size, MAX_KINDS],
  ]
  for (const [what, size, most] of sizes) {
    if (size > most) throw refusal.badInput(`Maximum ${what} allowed: ${most}.`, 'LIMIT_EXCEEDED')
  }
}

/** The longest chain of calls that each refer to the one before. */
function depthOf(subs: SubRequest[]): number {
  const depths = new Map<string, number>()
  for (const { referenceId, url, body } of subs) {
    const text = `${url} ${JSON.stringify(body ?? null)}`
    const named = [...text.matchAll(/@\{(\w{1,255})/g)].map(([, name = '']) => depths.get(name) ?? 0)
    depths.set(referenceId, 1 + Math.max(0, ...named))
  }
  return Math.max(...depths.values())
}

function halted({ compositeRequest }: Graph): SubResponse[] {
  const { body } = new OrgError({
    status: 400,
    errorCode: 'PROCESSING_HALTED',
    message: 'The graph was not processed because too many other graphs in the request failed.',
  })
  return compositeRequest.map(({ referenceId }) => ({
    body: [errorEntry(body)],
    httpHeaders: {},
    httpStatusCode: body.status,
    referenceId,
  }))
}
