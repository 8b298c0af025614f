// Puts the practice org together: the engine behind its doors, the page, the keys, and the ports they listen on.

import type { Express } from 'express'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { orgKey, type OrgKey } from './apex/org-key.ts'
import type { OrgContent } from './content/content.ts'
import { SAMPLE } from './content/sample.ts'
import { openOrg } from './engine/engine.ts'
import type { OrgSetup } from './engine/org-options.ts'
import { Faults } from './faults/fault.ts'
import { KeptOrders, takeUp } from './faults/kept-orders.ts'
import type { Org } from './org/org.ts'
import { openComet } from './doors/cometd/router.ts'
import { Deliveries } from './topics/deliveries.ts'
import { eventsWith, type EventCatalog } from './topics/event-catalog.ts'
import { withPlatformEvents } from './topics/platform-event-org.ts'
import { BatchJobs } from './doors/bulk/batches/batch-jobs.ts'
import { BulkJobs } from './doors/bulk/jobs/jobs.ts'
import { buildApp, finishApp } from './app.ts'
import { readOrigins } from './wire/http/cors.ts'
import { listen } from './wire/http/listen.ts'
import { ownUrl } from './wire/http/own-url.ts'
import { Usage } from './wire/http/usage.ts'
import { Authorizations } from './doors/oauth/authorizations.ts'
import { readClients, type OAuthClientInput } from './doors/oauth/clients.ts'
import { IdTokens } from './doors/oauth/id-token.ts'
import { LoginRate, LOGINS_PER_HOUR } from './doors/oauth/login-rate.ts'
import { Sessions } from './wire/sessions/sessions.ts'
import type { TlsPair } from './wire/http/both-on-one-port.ts'
import { tlsCertificate } from './doors/pubsub/certificate.ts'
import { keptCommits } from './doors/pubsub/committed.ts'
import { startPubSub } from './doors/pubsub/server.ts'
import { Topics } from './topics/topics.ts'

export { PortInUseError } from './wire/http/listen.ts'

export interface PracticeLog {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What a page mounted into the org's server may know. */
export interface PageHook {
  orgUrl: string
  orgId: string
  /** Origins besides the org's own that the page may call. */
  trustedUrls: readonly string[]
}

export interface PracticeOrgOptions {
  /** 0 takes any; always on 127.0.0.1. */
  port: number
  eventsPort: number
  /** Keeps records, sessions and keys; null keeps everything in memory. */
  dataDir: string | null
  orgId?: string
  /** Fills an empty org, and the org again after a reset. */
  load?: (org: Org) => void
  /** Currencies and the company's own row; an org that is not new keeps the rows it has. */
  setup?: OrgSetup
  /** The company, its people, what was deployed and its stories; the sample company without it. */
  content?: OrgContent
  /** A folder of more object files than the shipped ones; an org that is not new lacks the rights to them. */
  objects?: URL
  mountPage?: (app: Express, page: PageHook) => void
  /** Without it, failures nobody expected go to stderr. */
  log?: PracticeLog
  /** Besides those in `<dataDir>/clients.json`. */
  clients?: OAuthClientInput[]
  now?: () => number
  sessionSeconds?: number
  /** Foreign pages that may call the API, besides those in `<dataDir>/origins.json`. */
  origins?: string[]
  /** Sign-ins of one user in one hour; an org allows 3,600. */
  loginsPerHour?: number
  /** Daily API calls; beyond them every call is refused. Without it 100,000 are spoken of and none is refused. */
  apiLimit?: number
  /** A request that is not complete by then is dropped. */
  requestTimeoutMs?: number
  /** Empty answers on quiet event streams. */
  keepAliveMs?: number
  /** How long a streaming client's connect waits for events. */
  cometHoldMs?: number
  /** Silence after which a publish stream is ended. */
  publishIdleMs?: number
  /** Platform events, channels and managed subscriptions other than the shipped ones. */
  events?: EventCatalog
  /** Event clients at once, over CometD and over the Pub/Sub API each: 1,000 without it. */
  eventClients?: number
  /** Events delivered to subscribers within a day; without it no subscriber is cut off. */
  eventDeliveries?: number
}

export interface PracticeOrg {
  url: string
  port: number
  eventsPort: number
  org: Org
  orgId: string
  publicKeyPem: string
  /** What HTTPS and Pub/Sub clients must trust; with a `dataDir` also there, as `events-cert.pem`. */
  certificatePem: string
  close(): Promise<void>
}

const DEFAULT_ORG_ID = '00D000000000001EAA'
const PASSWORD = 'practice'
const EVENT_CLIENTS = 1000

/** Starts the org. Throws PortInUseError, with nothing left open. */
export async function startPracticeOrg(options: PracticeOrgOptions): Promise<PracticeOrg> {
  const { dataDir, now = Date.now, orgId = DEFAULT_ORG_ID, content = SAMPLE } = options
  if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const [key, tls] = await Promise.all([orgKey(dataDir), tlsCertificate(dataDir, now())])
  const events = options.events ?? eventsWith(content.platformEvents)
  const org = withPlatformEvents(
    openOrg({
      file: dataDir ? join(dataDir, 'org.sqlite') : ':memory:',
      orgId,
      now,
      enriched: events.enriched,
      content,
      ...(options.objects ? { objects: options.objects } : {}),
      ...options.setup,
    }),
    events,
  )
  const closing: Closing = [() => org.close()]
  try {
    if (org.isEmpty()) options.load?.(org)
    const { url, port, eventsPort } = await openDoors(org, events, key, tls, options, closing)
    options.log?.info({ url, eventsPort }, 'practice org listens')
    const certificatePem = tls.cert
    const { publicKeyPem } = key
    return { url, port, eventsPort, org, orgId, publicKeyPem, certificatePem, close: () => closeAll(closing) }
  } catch (error) {
    await closeAll(closing)
    throw error
  }
}

type Closing = (() => Promise<void> | void)[]

/** Doors first, then what they rest on. Closing twice is harmless. */
async function closeAll(closing: Closing): Promise<void> {
  for (const close of closing.splice(0)) await close()
}

function reporter(log: PracticeLog | undefined): (error: unknown) => void {
  if (!log) return (error) => console.error('a call failed unexpectedly', error)
  return (error) => log.error({ err: error }, 'a call failed unexpectedly')
}

async function openDoors(
  org: Org,
  catalog: EventCatalog,
  key: OrgKey,
  tls: TlsPair,
  options: PracticeOrgOptions,
  closing: Closing,
) {
  const { dataDir, now = Date.now, content = SAMPLE } = options
  const sessionSeconds = options.sessionSeconds ?? 7200
  const file = dataDir ? join(dataDir, 'sessions.sqlite') : null
  const sessions = new Sessions({ file, orgId: org.orgId, now, lifetimeMs: sessionSeconds * 1000 })
  closing.unshift(() => sessions.close())
  const orders = new KeptOrders(dataDir)
  const authorizations = new Authorizations(dataDir, now)
  closing.unshift(() => authorizations.close())
  const faults = new Faults(orders.faults, (kept) => orders.keep({ faults: kept }))
  takeUp(orders, org)
  const onError = reporter(options.log)
  const topics = new Topics(org, catalog)
  const deliveries = new Deliveries(options.eventDeliveries, now)
  const pubSub = await startPubSub(
    {
      org,
      sessions,
      topics,
      committed: keptCommits(dataDir),
      deliveries,
      maxClients: options.eventClients ?? EVENT_CLIENTS,
      now,
      faults,
      isDown: () => faults.isDown,
      keepAliveMs: options.keepAliveMs ?? 60_000,
      publishIdleMs: options.publishIdleMs ?? 70_000,
      newRpcId: randomUUID,
      onError,
    },
    options.eventsPort,
    tls,
  )
  closing.unshift(pubSub.close)
  const jobs = new BulkJobs({ now, onError, org })
  closing.unshift(() => jobs.close())
  const isDown = (): boolean => faults.isDown
  const holdMs = options.cometHoldMs ?? 110_000
  const comet = openComet({
    org,
    topics,
    sessions,
    deliveries,
    isDown,
    now,
    newId: randomUUID,
    holdMs,
    maxClients: options.eventClients ?? EVENT_CLIENTS,
  })
  closing.unshift(comet.close)
  const app = buildApp({
    org,
    topics,
    startedAt: now(),
    comet: comet.router,
    streaming: () => ({
      clients: comet.clients(),
      events: deliveries.within('event'),
      pushTopics: deliveries.within('push-topic'),
      generic: deliveries.within('generic'),
    }),
    jobs,
    batchJobs: new BatchJobs({ jobs, org }),
    sessions,
    faults,
    orders,
    now,
    sessionSeconds,
    onError,
    load: options.load ?? (() => {}),
    clients: () => readClients(dataDir ? join(dataDir, 'clients.json') : null, options.clients),
    instanceUrl: ownUrl,
    password: PASSWORD,
    authorizations,
    idTokens: new IdTokens(dataDir),
    origins: () => readOrigins(dataDir ? join(dataDir, 'origins.json') : null, options.origins),
    loginRate: new LoginRate(options.loginsPerHour ?? LOGINS_PER_HOUR, now),
    usage: new Usage(options.apiLimit ?? 100_000, options.apiLimit !== undefined),
    apex: { methods: content.apex, context: { org, privateKey: key.privateKey, now, newId: randomUUID } },
    publicKeyPem: key.publicKeyPem,
    breakStreams: (reason) => {
      pubSub.breakStreams(reason)
      comet.interrupt()
    },
  })
  const http = await listen(app, options.port, tls, options.requestTimeoutMs)
  // Jobs stop before the doors close: they go on at the next start.
  closing.unshift(() => jobs.close(), http.close)
  const url = `http://localhost:${http.port}`
  const { trustedUrls } = content.page
  options.mountPage?.(app, { orgUrl: url, orgId: org.orgId, trustedUrls })
  finishApp(app, onError)
  return { url, port: http.port, eventsPort: pubSub.port }
}
