// Puts the practice org together: the engine behind its doors, the page, the keys, and the ports they listen on.

import type { Express } from 'express'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { orgKey } from './apex/org-key.ts'
import { openOrg } from './engine/engine.ts'
import { Faults } from './faults/fault.ts'
import type { Org } from './org.ts'
import { buildApp, finishApp, type AppDoors } from './protocols/http/app.ts'
import { listen } from './protocols/http/listen.ts'
import { Usage } from './protocols/http/usage.ts'
import { readClients, type OAuthClientInput } from './protocols/oauth/clients.ts'
import { Sessions } from './protocols/oauth/sessions.ts'
import { tlsCertificate } from './protocols/pubsub/certificate.ts'
import { startPubSub, type PubSubServer } from './protocols/pubsub/server.ts'

export { PortInUseError } from './protocols/http/listen.ts'

export interface PracticeLog {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What a page mounted into the org's server may know. */
export interface PageHook {
  orgUrl: string
  orgId: string
  brainUrl: string
  brainOrigin: string
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
  mountPage?: (app: Express, page: PageHook) => void
  /** Where the page finds the brain; audience of the read tokens. */
  brainUrl: string
  log?: PracticeLog
  /** Besides those in `<dataDir>/clients.json`. */
  clients?: OAuthClientInput[]
  now?: () => number
  sessionSeconds?: number
  /** Daily API calls that `/limits` and `Sforce-Limit-Info` speak of. */
  apiLimit?: number
  /** Empty answers on quiet event streams. */
  keepAliveMs?: number
}

export interface PracticeOrg {
  url: string
  port: number
  eventsPort: number
  org: Org
  orgId: string
  publicKeyPem: string
  close(): Promise<void>
}

const DEFAULT_ORG_ID = '00D000000000001EAA'
const PASSWORD = 'practice'
const SILENT: PracticeLog = { info: () => {}, error: () => {} }

/** Starts the org. @throws PortInUseError, with nothing left open */
export async function startPracticeOrg(options: PracticeOrgOptions): Promise<PracticeOrg> {
  const { dataDir, brainUrl, log = SILENT, now = Date.now, sessionSeconds = 7200, orgId = DEFAULT_ORG_ID } = options
  if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const [key, tls] = await Promise.all([orgKey(dataDir), tlsCertificate(dataDir, now())])
  const load = options.load ?? (() => {})
  const org = openOrg({ file: dataDir ? join(dataDir, 'org.sqlite') : ':memory:', orgId, now })
  const sessionFile = dataDir ? join(dataDir, 'sessions.sqlite') : null
  const sessions = new Sessions({ file: sessionFile, orgId, now, lifetimeMs: sessionSeconds * 1000 })
  const faults = new Faults()
  const onError = (error: unknown): void => log.error({ err: error }, 'a call failed unexpectedly')
  const closing: (() => Promise<void> | void)[] = [() => sessions.close(), () => org.close()]
  const close = () => closeAll(closing)
  let url = ''
  let pubSub: PubSubServer | undefined
  try {
    if (org.isEmpty()) load(org)
    pubSub = await startPubSub(
      {
        org,
        sessions,
        isDown: () => faults.isDown,
        keepAliveMs: options.keepAliveMs ?? 60_000,
        newRpcId: randomUUID,
        onError,
      },
      options.eventsPort,
      tls,
    )
    closing.unshift(pubSub.close)
    const doors: AppDoors = {
      org,
      sessions,
      faults,
      load,
      clients: () => readClients(dataDir ? join(dataDir, 'clients.json') : null, options.clients),
      instanceUrl: () => url,
      now,
      password: PASSWORD,
      sessionSeconds,
      usage: new Usage(options.apiLimit ?? 100_000),
      apex: { org, privateKey: key.privateKey, brainUrl, now, newId: randomUUID },
      publicKeyPem: key.publicKeyPem,
      breakStreams: pubSub.breakStreams,
      onError,
    }
    const app = buildApp(doors)
    const http = await listen(app, options.port)
    closing.unshift(http.close)
    url = `http://localhost:${http.port}`
    options.mountPage?.(app, { orgUrl: url, orgId, brainUrl, brainOrigin: new URL(brainUrl).origin })
    finishApp(app, onError)
    log.info({ url, eventsPort: pubSub.port }, 'practice org listens')
    return { url, port: http.port, eventsPort: pubSub.port, org, orgId, publicKeyPem: key.publicKeyPem, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Doors first, then what they rest on. Closing twice is harmless. */
async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closing.splice(0)) await close()
}
