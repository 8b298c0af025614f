// What only a practice org has: faults and push-back on demand, a reset, and a look at what was written and what it cost.

import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import type { AutomationRules } from '../../rules/rules.ts'
import { OrgError, type Org } from '../../org/org.ts'
import { bodyText, parseJson } from '../../wire/http/body.ts'
import { refusal, sendError, sendJson } from '../../wire/http/errors.ts'
import type { BatchJobs } from '../bulk/batches/batch-jobs.ts'
import type { BulkJobs } from '../bulk/jobs/jobs.ts'
import type { Usage } from '../../wire/http/usage.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { readAutomation } from './automation-order.ts'
import { FaultOrder, type Faults } from '../../faults/fault.ts'
import { GapOrder, emitGap } from '../../faults/gap.ts'
import type { KeptOrders } from '../../faults/kept-orders.ts'

export interface PracticeDoor {
  org: Org
  faults: Faults
  orders: KeptOrders
  sessions: Sessions
  usage: Usage
  jobs: BulkJobs
  batchJobs: BatchJobs
  /** Bell notifications sent so far. */
  notified: unknown[]
  load: (org: Org) => void
  /** Called when the whole org goes down or its sessions end, so that event streams break too. */
  breakStreams: (reason: 'down' | 'expire-sessions') => void
}

/** Mount under `/practice`, on loopback only, with bodies as bytes. */
export function practiceRouter(door: PracticeDoor): Router {
  const router = Router()
  router.post(
    '/faults',
    safely((req, res) => {
      arm(FaultOrder.safeParse(parseJson(bodyText(req.body)) ?? {}), door)
      sendJson(res, inForce(door))
    }),
  )
  router.get('/faults', (_req, res) => sendJson(res, inForce(door)))
  router.delete('/faults', (_req, res) => {
    clearFaults(door)
    sendJson(res, inForce(door))
  })
  router.post(
    '/gaps',
    safely((req, res) => {
      const order = GapOrder.safeParse(parseJson(bodyText(req.body)) ?? {})
      if (!order.success) throw refusal.badInput(z.prettifyError(order.error))
      sendJson(res, { replayId: emitGap(door.org, order.data) })
    }),
  )
  router.post(
    '/automation',
    safely((req, res) => {
      const rules = readAutomation(door.org, parseJson(bodyText(req.body)))
      order(rules, door)
      sendJson(res, rules)
    }),
  )
  router.get('/automation', (_req, res) => sendJson(res, door.org.automation()))
  router.delete('/automation', (_req, res) => {
    order(null, door)
    sendJson(res, door.org.automation())
  })
  router.get('/notifications', (_req, res) => sendJson(res, { items: door.notified }))
  router.post('/reset', (_req, res) => {
    clearFaults(door)
    order(null, door)
    door.usage.clear()
    door.jobs.clear()
    door.batchJobs.clear()
    door.notified.length = 0
    door.org.reset(door.load)
    // Replay ids start anew: whoever listens has to subscribe again.
    door.breakStreams('down')
    res.status(204).end()
  })
  router.get(
    '/transactions',
    safely((req, res) => {
      const after = z.coerce
        .number()
        .int()
        .min(0)
        .safeParse(req.query['after'] ?? 0)
      if (!after.success) throw refusal.badInput('after must be a transaction number')
      const items = door.org.transactions(after.data)
      sendJson(res, { items, next: items.at(-1)?.n ?? null })
    }),
  )
  router.get('/calls', (_req, res) => {
    const { total, busyMs } = door.usage
    sendJson(res, { total, busyMs: Math.round(busyMs), calls: door.usage.rows() })
  })
  return router
}

/** Faults with the calls they still hit, and how far the search index runs behind if it does. */
function inForce({ faults, orders: { searchLagSeconds } }: PracticeDoor): object {
  return { faults: faults.list(), ...(searchLagSeconds > 0 ? { searchLagSeconds } : {}) }
}

function clearFaults(door: PracticeDoor): void {
  door.faults.clear()
  lag(0, door)
}

function lag(seconds: number, { org, orders }: PracticeDoor): void {
  org.setSearchLag(seconds)
  orders.keep({ searchLagSeconds: seconds })
}

/** Replaces the rules by which the org pushes back; null ends them. */
function order(automation: AutomationRules | null, { org, orders }: PracticeDoor): void {
  org.setAutomation(automation ?? {})
  orders.keep({ automation })
}

function arm(parsed: z.ZodSafeParseResult<FaultOrder>, door: PracticeDoor): void {
  if (!parsed.success) throw refusal.badInput(z.prettifyError(parsed.error))
  const order = parsed.data
  if (order.mode === 'clear') return clearFaults(door)
  if (order.searchLagSeconds !== undefined) lag(order.searchLagSeconds, door)
  const everyCall = Object.keys(order.match).length === 0
  if (order.mode === 'expire-sessions' && everyCall) {
    door.sessions.expireAll()
    return door.breakStreams('expire-sessions')
  }
  door.faults.arm(order)
  if (order.mode === 'down' && everyCall && order.count === undefined && order.chance === 1) door.breakStreams('down')
}

function safely(work: (req: Request, res: Response) => void) {
  return (req: Request, res: Response): void => {
    try {
      work(req, res)
    } catch (error) {
      if (!(error instanceof OrgError)) throw error
      sendError(res, error.body)
    }
  }
}
