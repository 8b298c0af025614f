import { Router } from 'express'
import { oversightMetrics } from './requests/oversight-metrics.ts'
import { readShifts, shiftFigures } from '../oversight/read-shifts.ts'
import type { BrainDeps } from './requests/deps.ts'

/** For monitoring, which calls without a token and by address: it gets numbers only. */
export function healthRoutes({ ready, store, metrics, clock }: BrainDeps): Router {
  const router = Router()
  router.get('/health/live', (_request, response) => void response.json({ status: 'live' }))
  router.get('/health/ready', async (_request, response) => {
    const isReady = await (ready ? ready() : store.headCursor().then(() => true)).catch(() => false)
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready' })
  })
  const oversight = oversightMetrics(metrics)
  router.get('/metrics', async (_request, response) => {
    const figures = async () => ({ ...(await store.figures()), ...shiftFigures(await readShifts(store, clock.now())) })
    oversight.set(await figures().catch(() => null))
    response.type(metrics.contentType).send(await metrics.metrics())
  })
  return router
}
