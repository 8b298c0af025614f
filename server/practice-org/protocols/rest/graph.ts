import { z } from 'zod'
import { refusal } from '../http/errors.ts'
import { isFailure, requireDistinct, runTogether, SubRequest } from './composite.ts'
import type { RestRoute } from './dispatch.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

const MAX_GRAPHS = 75
const MAX_NODES = 500

const Graphs = z.object({
  graphs: z.array(z.object({ graphId: z.string().min(1), compositeRequest: z.array(SubRequest).min(1) })).min(1),
})

/** `POST /composite/graph`: each graph is one all-or-none transaction of up to 500 calls; one API call in all. */
export function runGraphs(routes: RestRoute[], request: RestRequest, context: RestContext): RestResponse {
  const parsed = Graphs.safeParse(request.body)
  if (!parsed.success) throw refusal.badJson(parsed.error.issues[0]?.message ?? 'invalid')
  const { graphs } = parsed.data
  if (graphs.length > MAX_GRAPHS) throw refusal.badInput(`Maximum graphs allowed: ${MAX_GRAPHS}.`, 'LIMIT_EXCEEDED')
  if (graphs.some((graph) => graph.compositeRequest.length > MAX_NODES)) {
    throw refusal.badInput(`Maximum nodes per graph allowed: ${MAX_NODES}.`, 'LIMIT_EXCEEDED')
  }
  for (const graph of graphs) requireDistinct(graph.compositeRequest)
  const answers = graphs.map(({ graphId, compositeRequest }) => {
    const compositeResponse = runTogether(routes, compositeRequest, context)
    return { graphId, graphResponse: { compositeResponse }, isSuccessful: !compositeResponse.some(isFailure) }
  })
  return ok({ graphs: answers })
}
