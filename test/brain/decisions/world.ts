// A brain without its thinking: real store, runner and deciding phases, an org that is played, a clock that is set by hand.
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { afterAll, expect } from 'vitest'
import { sortableIds } from '../../../server/brain/adapters/ids.ts'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import type { Pool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import type { DecidingDeps } from '../../../server/brain/decisions/deps.ts'
import { decidingPhases } from '../../../server/brain/decisions/phases/phases.ts'
import { loadDecision } from '../../../server/brain/decisions/view/load-decision.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import type { Phase } from '../../../server/contract/states.ts'
import { replayReads } from '../../../server/brain/replay/recorded-world.ts'
import type { Replay } from '../../../server/brain/replay/shapes/replay.ts'
import { readRecording } from '../../../server/brain/replay/recording.ts'
import { replayRun } from '../../../server/brain/replay/replay-run.ts'
import type { Ids } from '../../../server/brain/ports/clock.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import type { Proposal } from '../../../server/brain/domain/proposal.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { undoOrUsual } from '../../../server/brain/boot/parts/phases.ts'
import { markUndone } from '../../../server/brain/undo/mark-undone.ts'
import { proposeWayBack } from '../../../server/brain/undo/start-undo.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { DECISION_AUDIENCE, type DecisionVerb } from '../../../server/contract/approval-token.ts'
import { rightsFor, rightsHash } from '../../../server/contract/rights.ts'
import { acmeMission, acmeProposal, LEAD, ORG_ID, USERS } from './acme.ts'
import { FakeSalesforce } from './fake-salesforce.ts'

export const HOLD_SECONDS = 10
export const SETTLE_SECONDS = 5
export const PERMISSIONS: Record<keyof typeof USERS, string[]> = {
  admin: ['View_Missions', 'Decide_Missions', 'Administer_Missions', 'Launch_Missions'],
  second: ['View_Missions', 'Decide_Missions'],
  rep: ['View_Missions'],
  manager: ['View_Missions', 'Launch_Missions'],
  auditor: ['View_Missions', 'Audit_Missions'],
  priya: [],
  dana: [],
}
export type Who = keyof typeof USERS
const ENGINE = 'of this test'

export class HandClock {
  #now = '2026-11-22T14:00:00.000Z'
  now(): string {
    return this.#now
  }
  pass(seconds: number): void {
    this.#now = addSeconds(this.#now, seconds)
  }
}

export interface World {
  store: Store
  ids: Ids
  clock: HandClock
  salesforce: FakeSalesforce
  orgKey: string
  /** Public half of the key that signs checkpoints, in PEM. */
  checkpointPem: string
  privateKey: CryptoKey
  /** Starts a run whose thinking ends with this proposal, and walks it to its decision. */
  propose(proposal?: Proposal, launcher?: string | null): Promise<LoadedDecision>
  advance(runId: string): Promise<Run>
  facts(decisionId: string): Promise<LoadedDecision>
  /** Computes the run again from its record; `change` exchanges phases, as another release would. */
  replay(runId: string, change?: Partial<Record<Phase, PhaseFunction>>): Promise<Replay>
  token(who: Who, facts: LoadedDecision, verb: DecisionVerb, claims?: Record<string, unknown>): Promise<string>
  sign(claims: Record<string, unknown>, key?: CryptoKey): Promise<string>
}

interface WorldOptions {
  database: { pool: Pool; close(): Promise<void> }
  bodyKey: Buffer
  checkpointKey: KeyObject
}

/** One embedded database for a test file; every world after the first shares it and starts new runs. */
export async function makeWorld(): Promise<World> {
  const { world, close } = await openWorld()
  afterAll(async () => {
    // Guarantee 8, for whatever the tests of the file had runs go through.
    expect(await cameOutOtherwise(world)).toEqual([])
    await close()
  })
  return world
}

/** A world in the database given, or else in an embedded one. */
export async function openWorld(given: Partial<WorldOptions> = {}): Promise<{ world: World; close(): Promise<void> }> {
  const clock = new HandClock()
  const ids = sortableIds(clock)
  const database = given.database ?? (await openInMemory())
  const checkpointKey = given.checkpointKey ?? generateKeyPairSync('ed25519').privateKey
  const store = await openStore({
    pool: database.pool,
    orgId: ORG_ID,
    clock,
    ids,
    bodyKey: given.bodyKey ?? randomBytes(32),
    checkpointKey,
  })
  const keys = await generateKeyPair('RS256', { extractable: true })
  const salesforce = new FakeSalesforce(clock, keys.publicKey)
  await store.transaction(async (tx) => {
    await tx.insertMission(acmeMission())
    const activation = {
      token: await activationToken(clock, keys.privateKey),
      takenAt: clock.now(),
      seal: 'a'.repeat(64),
    }
    const signed = { activation, userId: USERS.admin, at: clock.now() }
    await tx.activateMission(acmeMission().name, 1, {
      ...signed,
      signedFirst: null,
      endsAt: '2100-01-01T00:00:00.000Z',
    })
  })
  const orgKey = await exportSPKI(keys.publicKey)
  const checkpointPem = createPublicKey(checkpointKey).export({ type: 'spki', format: 'pem' }).toString()
  const world = worldOf({ store, ids, clock, salesforce, orgKey, checkpointPem, privateKey: keys.privateKey })
  const close = async () => {
    await store.close()
    await database.close()
  }
  return { world, close }
}

function activationToken(clock: HandClock, key: CryptoKey): Promise<string> {
  const { name, version, grantHash } = acmeMission()
  const iat = Math.floor(Date.parse(clock.now()) / 1000)
  const claims = {
    iss: ORG_ID,
    sub: USERS.admin,
    iat,
    exp: iat + 60,
    jti: 'activation-of-acme',
    aud: DECISION_AUDIENCE,
    typ: 'decision',
    permissions: PERMISSIONS.admin,
    groups: [],
    decisionId: `mission:${name}@${version}`,
    digest: grantHash,
    verb: 'activate',
    rights: 'a'.repeat(64),
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key)
}

async function cameOutOtherwise({ store, replay }: World): Promise<Replay[]> {
  const runs = (await store.runs({ limit: 1000 })).filter(({ erased }) => !erased)
  const replays: Replay[] = []
  for (const { id } of runs) replays.push(await replay(id))
  return replays.filter(({ isSame }) => !isSame)
}

type Parts = Pick<World, 'store' | 'ids' | 'clock' | 'salesforce' | 'orgKey' | 'checkpointPem' | 'privateKey'>

function worldOf(parts: Parts): World {
  const { store, ids, clock, salesforce, privateKey } = parts
  const proposals = new Map<string, Proposal>()
  const skip: PhaseFunction = () => Promise.resolve({ kind: 'next', result: null })
  const propose: PhaseFunction = ({ run }) => Promise.resolve({ kind: 'next', result: proposals.get(run.id) })
  const thinking = undoOrUsual({ trigger: skip, read: skip, enrich: skip, reason: skip, propose })
  const onPartly: DecidingDeps['onPartly'] = (tx, run) => proposeWayBack(parts, tx, run)
  const times = { holdSeconds: HOLD_SECONDS, settleSeconds: SETTLE_SECONDS }
  const deciding = { ...parts, ...times, onVerified: markUndone, onPartly }
  const phases = { ...thinking, ...decidingPhases(deciding) }
  const onError = (_runId: string, error: unknown) => errors.push(error)
  const errors: unknown[] = []
  const leases = new WorkerLeases(store, ids.next())
  const runner = {
    engine: ENGINE,
    store,
    clock,
    ids,
    leases,
    salesforce,
    model: null,
    phases,
    every: () => () => undefined,
    onError,
  }

  const world: World = {
    ...parts,
    async advance(runId) {
      await advanceRun(runner, runId)
      const run = await store.run(runId)
      if (!run) throw new Error('the run is gone')
      if (run.status === 'failed') throw errors.at(-1) ?? new Error('the run failed')
      return run
    },
    async propose(proposal = acmeProposal(), launcher = null) {
      const subject = { object: proposal.subject.object, id: proposal.subject.id }
      const trigger = { kind: 'launch', change: null, subject, scope: null, launcher, at: clock.now() } as const
      const open = await store.openRunAbout(acmeMission().name, LEAD)
      if (open) await store.transaction((tx) => tx.updateRun(open.id, { status: 'cancelled' }))
      const { runId } = await startRun(
        { store, clock, ids },
        { mission: acmeMission().name, trigger: { ...trigger, idempotencyKey: ids.next() } },
      )
      proposals.set(runId, proposal)
      const { decisionId } = await world.advance(runId)
      return world.facts(decisionId ?? '')
    },
    async facts(decisionId) {
      const facts = await loadDecision(store, clock, decisionId)
      if (!facts) throw new Error('no decision was opened')
      return facts
    },
    async replay(runId, change = {}) {
      const recording = await readRecording(store, runId)
      const played = replayReads(recording, store)
      const offline = () => {
        throw new Error('the network is off')
      }
      const again = decidingPhases({
        store: played.store,
        clock: { now: () => recording.run.updatedAt },
        holdSeconds: 0,
        settleSeconds: 0,
        ids: { next: offline, salt: offline },
        salesforce: { call: offline },
        onVerified: markUndone,
        onPartly,
      })
      const engine = Object.keys(change).length > 0 ? 'the next' : ENGINE
      return replayRun({ engine, phases: { ...phases, ...again, ...change }, world: played }, recording)
    },
    token(who, facts, verb, claims = {}) {
      const iat = Math.floor(Date.parse(clock.now()) / 1000)
      return world.sign({
        iss: ORG_ID,
        sub: USERS[who],
        iat,
        exp: iat + 60,
        jti: ids.next(),
        aud: DECISION_AUDIENCE,
        typ: 'decision',
        permissions: PERMISSIONS[who],
        groups: ['RevOps'],
        decisionId: facts.decision.id,
        digest: facts.changeSet.digest,
        verb,
        rights: rightsHash(rightsFor(facts.changeSet.proposal.operations)),
        ...claims,
      })
    },
    sign: (claims, key = privateKey) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key),
  }
  return world
}
