// salesforce-mcp: the only holder of the Salesforce keys, and the only way anything is written to the org.
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { Scope } from '../contract/call-token.ts'
import type { StoppableThere } from '../contract/switch.ts'
import { toolManifest, type ToolManifest } from '../contract/tool-manifest.ts'
import type { ToolName } from '../contract/tools.ts'
import type { SealKey } from '../settings/key-text.ts'
import { DecisionVerifier } from './approvals/decision-verifier.ts'
import { WriteSwitch } from './services/write-switch.ts'
import { Register } from './grants/register.ts'
import { GrantStore } from './grants/store.ts'
import { CallLedger } from './org/calls.ts'
import { OrgConnection } from './org/connection.ts'
import { SchemaCache } from './org/describe.ts'
import { createServer, type ToolRefusal } from './server.ts'
import { CallRates } from './tool-limits.ts'
import type { Services } from './services/services.ts'

interface OrgLogin {
  clientId: string
  username: string
  /** PEM private key whose certificate the connected app knows. */
  privateKeyPem: string
}

export interface SalesforceMcpOptions {
  /** 18-character id; the org behind `loginUrl` must be this one. */
  orgId: string
  loginUrl: string
  /** Audience of sign-in assertions; the origin of `loginUrl` when left out. */
  audience?: string
  /** `66.0` */
  apiVersion?: string
  reader: OrgLogin
  writer: OrgLogin
  /** PEM public keys or certificates the org signs decisions with: one, or the current and the next. */
  orgPublicKeys: readonly string[]
  /** At least 32 bytes that the brain does not know. */
  sealKey: SealKey
  namespace?: string
  /** How long an activation lasts; 365 when left out. */
  activationDays?: number
  now?: () => Date
  readDeadlineMs?: number
  writeDeadlineMs?: number
  /** Waits before a locked or lost transaction is sent again. */
  pausesMs?: readonly number[]
  /** Tools that may be called, and their limits; the shipped ones when left out. */
  manifest?: ToolManifest
  onRefused?: (refusal: ToolRefusal) => void
  onError?: (error: unknown, tool: string) => void
}

export interface SalesforceMcp {
  readonly orgId: string
  /** A server of its own for one session, not connected yet. */
  newServer(): McpServer
  /** Serves one session over a transport, with the tools of these scopes, of all when left out; closes with it. */
  connect(transport: Transport, scopes?: ReadonlySet<Scope>): Promise<void>
  /** What a caller needs to be shown the tool; null for a name that is no tool's. */
  scopeOf(tool: string): Scope | null
  /** Stops every write from now on, or those of a mission, with `all` every read of a run too; a request already on its way is finished and answered. */
  stop(what: StoppableThere): void
  /** Starts what the org-signed token is for. Throws ToolFailure `refused`. */
  start(token: string): Promise<void>
  readonly writesStopped: boolean
  readonly readsStopped: boolean
  /** Missions whose writes are stopped. */
  readonly missionsStopped: readonly string[]
  /** Salesforce API calls of a run so far, without sign-in and describe. */
  callsOf(run: string): number
  /** Closes every session. */
  close(): Promise<void>
}

const READ_DEADLINE_MS = 30_000
const WRITE_DEADLINE_MS = 60_000
const PAUSES_MS = [500, 2_000, 5_000]
const ACTIVATION_DAYS = 365
/** Of a caller in the same process, who could take the keys as well. */
const ALL_SCOPES: ReadonlySet<Scope> = new Set(Scope.options)

/** Makes the server with its two org connections; nothing is sent before the first call. Throws TypeError for unusable keys. */
export async function createSalesforceMcp(options: SalesforceMcpOptions): Promise<SalesforceMcp> {
  const ledger = new CallLedger()
  const services = servicesOf(options)
  const { manifest = toolManifest } = options
  const settings = {
    services,
    ledger,
    manifest,
    rates: new CallRates(),
    onRefused: options.onRefused ?? (() => {}),
    onError: options.onError ?? (() => {}),
  }
  const open = new Set<McpServer>()
  return {
    orgId: options.orgId,
    newServer: () => createServer(settings, ALL_SCOPES),
    async connect(transport, scopes = ALL_SCOPES) {
      const server = createServer(settings, scopes)
      open.add(server)
      server.server.onclose = () => open.delete(server)
      await server.connect(transport)
    },
    scopeOf: (tool) => (Object.hasOwn(manifest, tool) ? (manifest[tool as ToolName]?.scope ?? null) : null),
    stop: (what) => services.writes.stop(what),
    start: (token) => services.writes.start(token, services.desk),
    get writesStopped() {
      return services.writes.stopped
    },
    get readsStopped() {
      return services.writes.readsStopped
    },
    get missionsStopped() {
      return services.writes.missionsStopped
    },
    callsOf: (run) => ledger.of(run),
    async close() {
      await Promise.all([...open].map((server) => server.close()))
    },
  }
}

function servicesOf(options: SalesforceMcpOptions): Services {
  const { orgId, namespace = '', sealKey, now = () => new Date() } = options
  if (sealKey.key.length < 32) throw new TypeError('the seal key must have at least 32 bytes')
  const orgKeys = options.orgPublicKeys.map((pem) => createPublicKey(pem))
  if (orgKeys.length < 1 || orgKeys.length > 2) throw new TypeError('one or two org public keys are wanted')
  const reader = connectionOf(options.reader, options, now)
  const writer = connectionOf(options.writer, options, now)
  const desk = new DecisionVerifier({ orgId, orgKeys, sealKey, now })
  const register = new Register({ orgId, namespace, sealKey, reader, writer })
  return {
    orgId,
    namespace,
    reader,
    writer,
    schemas: new SchemaCache(reader),
    desk,
    grants: new GrantStore(register, now),
    register,
    activationDays: options.activationDays ?? ACTIVATION_DAYS,
    writes: new WriteSwitch(),
    committing: new Map(),
    pausesMs: options.pausesMs ?? PAUSES_MS,
    now,
  }
}

function connectionOf(login: OrgLogin, options: SalesforceMcpOptions, now: () => Date): OrgConnection {
  const { orgId, loginUrl, audience, apiVersion, readDeadlineMs, writeDeadlineMs } = options
  return new OrgConnection({
    orgId,
    loginUrl,
    audience: audience ?? new URL(loginUrl).origin,
    apiVersion: apiVersion ?? '66.0',
    user: { clientId: login.clientId, username: login.username, key: createPrivateKey(login.privateKeyPem) },
    now,
    readDeadlineMs: readDeadlineMs ?? READ_DEADLINE_MS,
    writeDeadlineMs: writeDeadlineMs ?? WRITE_DEADLINE_MS,
  })
}
