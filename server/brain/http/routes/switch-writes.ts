import { z } from 'zod'
import { DECISION_AUDIENCE, DecisionClaims } from '../../../contract/approval-token.ts'
import { Stoppable, switchDecision } from '../../../contract/switch.ts'
import { Conflict, Forbidden } from '../../domain/errors.ts'
import { partThere, settingsOf, SWITCH, type SwitchChange } from '../../domain/switch.ts'
import { lockSwitch, throwSwitch } from '../../runs/switch/throw-switch.ts'
import type { SessionCaller } from '../requests/caller.ts'
import { OrgTokenRefused, orgTokens } from '../requests/org-token.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { route } from '../requests/route.ts'

const Reason = z.string().trim().min(3).max(500)

const ChangeView = z.object({
  at: z.string(),
  by: z.string(),
  what: Stoppable,
  isStop: z.boolean(),
  reason: z.string(),
  /** What the org signs to end this stop: `digest` of the verb `start-writes`. */
  hash: z.string(),
})

const Switch = z.object({
  /** The brain's own switch: while it is stopped, no run begins to write. */
  stopped: z.boolean(),
  /** While it is stopped, no language model is asked, and the rules decide alone. */
  modelStopped: z.boolean(),
  /** While it is stopped, runs hold before they read, and streams are closed. */
  readsStopped: z.boolean(),
  /** The switch of salesforce-mcp, which every write passes; null when it does not answer. */
  salesforceMcpStopped: z.boolean().nullable(),
  /** Stops of single missions: `writes:tidy` after a breach, `starts:tidy` while many more runs than usual wait. */
  ofMissions: z.array(z.string()),
  /** Runs that were writing when the switch was set: they are finished, read back and listed. */
  finishing: z.array(z.string()),
  /** The latest stops and starts, newest first. */
  changes: z.array(ChangeView),
})

const MOST_RUNS = 1_000
const MOST_CHANGES = 20

async function finishing({ store }: RouteContext): Promise<string[]> {
  const running = await store.runs({ status: 'running', limit: MOST_RUNS })
  return running.filter(({ phase }) => phase === 'commit').map(({ id }) => id)
}

async function position(doors: RouteContext): Promise<z.input<typeof Switch>> {
  const { store, salesforceSwitch } = doors
  const all = await store.stopped()
  const stopped = all.includes(SWITCH.writes)
  const there = (await salesforceSwitch?.position()) ?? null
  return {
    stopped,
    modelStopped: all.includes(SWITCH.model),
    readsStopped: all.includes(SWITCH.reads),
    ofMissions: all.filter((what) => what.includes(':')),
    salesforceMcpStopped: there && there.writes,
    finishing: stopped ? await finishing(doors) : [],
    changes: await store.switchChanges(MOST_CHANGES),
  }
}

/** The mission whose held runs a start wakes; null: those of all missions. */
const missionOf = (what: Stoppable): string | null => what.split(':')[1] ?? null

export const getWrites = route({
  method: 'get',
  path: '/api/v1/writes',
  summary: 'What is stopped, in the brain and in salesforce-mcp, and who stopped or started it when and why',
  answers: Switch,
  handle: position,
})

export const stopWrites = route({
  method: 'post',
  path: '/api/v1/writes/stop',
  summary:
    'Stops all writes at once, for everyone; or language models; or everything, reads of runs and open streams included; or of one mission the writes, or the runs that events start',
  needs: ['Administer_Missions'],
  body: z.strictObject({ what: Stoppable.default('writes'), reason: Reason }),
  answers: Switch,
  async handle(doors, { caller, body: { what, reason } }) {
    const { hash } = await doors.store.transaction(async (tx) => {
      await lockSwitch(tx)
      return throwSwitch(tx, { by: caller.userId, what, isStop: true, reason })
    })
    if (what === 'all') doors.feed.stop()
    const there = partThere(what)
    if (there !== null) await doors.salesforceSwitch?.stop(there)
    doors.log.warn({ event: 'switch', userId: caller.userId, what, isStop: true, hash }, 'stopped')
    return position(doors)
  },
})

export const startWrites = route({
  method: 'post',
  path: '/api/v1/writes/start',
  summary: 'Starts again what a stop had stopped; `decision` is what the org signed for that stop. Held runs go on',
  needs: ['Administer_Missions'],
  body: z.strictObject({ what: Stoppable.default('writes'), reason: Reason, decision: z.string().max(8192) }),
  answers: Switch,
  async handle(doors, { caller, body: { what, reason, decision } }) {
    const stop = await latestStop(doors, what)
    await assertSigned(doors, decision, { caller, what, stop })
    if (partThere(what) !== null) await doors.salesforceSwitch?.start(decision)
    const { hash } = await doors.store.transaction(async (tx) => {
      await lockSwitch(tx)
      // A stop that came meanwhile was not what the org signed for.
      assertLatest((await tx.switchChanges(1))[0] ?? null, stop)
      await tx.wakeAllHeld(missionOf(what))
      return throwSwitch(tx, { by: caller.userId, what, isStop: false, reason })
    })
    doors.log.warn({ event: 'switch', userId: caller.userId, what, isStop: false, hash }, 'started')
    return position(doors)
  },
})

/** The newest change; nothing may be started that nothing stopped. */
async function latestStop({ store }: RouteContext, what: Stoppable): Promise<SwitchChange> {
  const settings = await Promise.all(settingsOf(what).map((key) => store.setting(key)))
  const [latest] = await store.switchChanges(1)
  if (!latest || !settings.includes('stopped')) throw new Conflict('wrong-status', 'This is not stopped.')
  return latest
}

function assertLatest(latest: SwitchChange | null, signed: SwitchChange): void {
  if (latest?.hash === signed.hash) return
  throw new Conflict('wrong-status', 'The switch was thrown again meanwhile. Look at it, then sign once more.')
}

async function assertSigned(
  { config, clock }: RouteContext,
  token: string,
  { caller, what, stop }: { caller: SessionCaller; what: Stoppable; stop: SwitchChange },
): Promise<void> {
  const payload = await orgTokens(config)(token, DECISION_AUDIENCE, new Date(clock.now())).catch((error: unknown) => {
    if (!(error instanceof OrgTokenRefused)) throw error
    throw new Forbidden(`The decision token was refused: ${error.message}.`, 'a decision signed by the org')
  })
  const claims = DecisionClaims.safeParse(payload)
  if (!claims.success) throw new Forbidden('This is not a decision token.', 'a decision signed by the org')
  const { sub, verb, decisionId, digest, permissions } = claims.data
  const wrong =
    (sub !== caller.userId && 'another user') ||
    (verb !== 'start-writes' && `the verb ${verb}`) ||
    (decisionId !== switchDecision(what) && 'something else') ||
    (digest !== stop.hash && 'another stop') ||
    (!permissions.includes('Administer_Missions') && 'a user who may not')
  if (wrong) throw new Forbidden(`The decision token is for ${wrong}.`, 'a decision token for this start')
}
