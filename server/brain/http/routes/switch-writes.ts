import { z } from 'zod'
import { DECISION_AUDIENCE, DecisionClaims } from '../../../contract/approval-token.ts'
import { Stoppable, switchDecision } from '../../../contract/switch.ts'
import { Conflict, Forbidden } from '../../domain/errors.ts'
import { SETTINGS_OF, SWITCH, type SwitchChange } from '../../domain/switch.ts'
import type { Tx } from '../../ports/store.ts'
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
  const isStopped = async (key: string) => (await store.setting(key)) === 'stopped'
  const stopped = await isStopped(SWITCH.writes)
  const there = (await salesforceSwitch?.position()) ?? null
  return {
    stopped,
    modelStopped: await isStopped(SWITCH.model),
    readsStopped: await isStopped(SWITCH.reads),
    salesforceMcpStopped: there && there.writes,
    finishing: stopped ? await finishing(doors) : [],
    changes: await store.switchChanges(MOST_CHANGES),
  }
}

const LOCK = 'the switch'

async function setTo(tx: Tx, isStop: boolean, change: Omit<Parameters<Tx['appendSwitchChange']>[0], 'isStop'>) {
  for (const key of SETTINGS_OF[change.what]) await tx.setSetting(key, isStop ? 'stopped' : 'allowed')
  return tx.appendSwitchChange({ ...change, isStop })
}

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
    'Stops all writes at once, for everyone; or language models; or everything, reads of runs and open streams included',
  needs: ['Administer_Missions'],
  body: z.strictObject({ what: Stoppable.default('writes'), reason: Reason }),
  answers: Switch,
  async handle(doors, { caller, body: { what, reason } }) {
    const { hash } = await doors.store.transaction(async (tx) => {
      await tx.lockExclusively(LOCK)
      return setTo(tx, true, { by: caller.userId, what, reason })
    })
    if (what === 'all') doors.feed.stop()
    if (what !== 'model') await doors.salesforceSwitch?.stop(what)
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
    if (what !== 'model') await doors.salesforceSwitch?.start(decision)
    const held = await doors.store.runs({ status: 'held', limit: MOST_RUNS })
    const { hash } = await doors.store.transaction(async (tx) => {
      await tx.lockExclusively(LOCK)
      // A stop that came meanwhile was not what the org signed for.
      assertLatest((await tx.switchChanges(1))[0] ?? null, stop)
      for (const { id } of held) await tx.addOutbox({ kind: 'advance-run', about: id, dueInSeconds: 0 })
      return setTo(tx, false, { by: caller.userId, what, reason })
    })
    doors.log.warn({ event: 'switch', userId: caller.userId, what, isStop: false, hash }, 'started')
    return position(doors)
  },
})

/** The newest change; nothing may be started that nothing stopped. */
async function latestStop({ store }: RouteContext, what: Stoppable): Promise<SwitchChange> {
  const settings = await Promise.all(SETTINGS_OF[what].map((key) => store.setting(key)))
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
