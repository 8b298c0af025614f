import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** Allowances of an Enterprise org that clients look at; only the API requests are counted here. */
const ALLOWANCES: Record<string, number> = {
  ConcurrentAsyncGetReportInstances: 200,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryJobs: 10_000,
  DailyDeliveredPlatformEvents: 25_000,
  DailyDurableStreamingApiEvents: 200_000,
  DailyStreamingApiEvents: 200_000,
  DataStorageMB: 10_240,
  DurableStreamingApiConcurrentClients: 1000,
  FileStorageMB: 10_240,
  HourlyPublishedPlatformEvents: 250_000,
  MassEmail: 5000,
  SingleEmail: 5000,
  StreamingApiConcurrentClients: 1000,
}

/** `GET /limits`. */
export function readLimits(_request: RestRequest, context: RestContext): RestResponse {
  const { limit, total } = context.usage
  const others = Object.entries(ALLOWANCES).map(([name, max]) => [name, { Max: max, Remaining: max }])
  return ok({ DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - total) }, ...Object.fromEntries(others) })
}
