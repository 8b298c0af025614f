// Raw frames for the Pub/Sub API, and what an org may answer them with.
import { credentials, makeClientConstructor, Metadata, type ServiceDefinition } from '@grpc/grpc-js'
import fc from 'fast-check'
import type { PracticeOrg } from '../../src/compose.ts'
import { pubSubService } from '../../src/doors/pubsub/proto.ts'

export interface GrpcShot {
  method: string
  /** Each is one message; a unary call takes the first. */
  frames: Uint8Array[]
}

export interface GrpcAnswer {
  code: number
  details: string
  errorCode: string
  rpcId: string
}

const service = pubSubService()
const METHODS = Object.keys(service)
const isStream = (method: string): boolean => /Subscribe|PublishStream/.test(method)

const bytes = (value: Buffer): Buffer => value
const RawClient = makeClientConstructor(
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => [name, { ...method, requestSerialize: bytes }]),
  ) as ServiceDefinition,
  'PubSub',
)
export type RawGrpc = InstanceType<typeof RawClient>

export function rawGrpc(org: PracticeOrg): RawGrpc {
  const insecure = credentials.createSsl(null, null, null, { rejectUnauthorized: false })
  return new RawClient(`localhost:${org.eventsPort}`, insecure)
}

export function metadataOf(org: PracticeOrg, token: string): Metadata {
  const metadata = new Metadata()
  metadata.set('accesstoken', token)
  metadata.set('instanceurl', org.url)
  metadata.set('tenantid', org.orgId)
  return metadata
}

/** The bytes of a message as a client of this method sends it. */
export const frameOf = (method: string, message: object): Buffer =>
  service[method]?.requestSerialize(message) ?? Buffer.alloc(0)

/** One call whose messages are sent as bytes. */
export type RawStream = NodeJS.EventEmitter & { write(frame: Buffer): void; end(): void; cancel(): void }

/** How one call ends, once everything is sent; status 4 is a call that never did. */
export function shootGrpc(client: RawGrpc, metadata: Metadata, { method, frames }: GrpcShot): Promise<GrpcAnswer> {
  const open = Reflect.get(client, method) as (...args: unknown[]) => RawStream
  const options = { deadline: Date.now() + 20_000 }
  const ignore = (): void => {}
  return new Promise((resolve) => {
    const [first = new Uint8Array()] = frames
    const call = isStream(method)
      ? open.call(client, metadata, options)
      : open.call(client, Buffer.from(first), metadata, options, ignore)
    call.on('status', ({ code, details, metadata: trailers }: { code: number; details: string; metadata: Metadata }) =>
      resolve({
        code,
        details,
        errorCode: String(trailers.get('error-code')[0] ?? ''),
        rpcId: String(trailers.get('rpc-id')[0] ?? ''),
      }),
    )
    call.on('error', ignore)
    call.on('data', ignore)
    if (!isStream(method)) return
    for (const frame of frames) call.write(Buffer.from(frame))
    call.end()
  })
}

const OK = 0
/** UNKNOWN, DEADLINE_EXCEEDED and INTERNAL: what a server says that did not expect a request. */
const UNEXPECTED = new Set([2, 4, 13])

/** What is wrong with an answer; undefined when an org could have given it. */
export function complaintOf({ code, details, errorCode, rpcId }: GrpcAnswer): string | undefined {
  if (code === OK) return undefined
  if (UNEXPECTED.has(code)) return `status ${code}: ${details}`
  if (!errorCode.startsWith('sfdc.platform.eventbus.grpc.')) return `no error-code: ${code} ${details}`
  return rpcId !== '' && details.endsWith(`rpcId: ${rpcId}`) ? undefined : `no rpc id: ${code} ${details}`
}

const text = fc.oneof(
  fc.constantFrom(
    '',
    '/data/LeadChangeEvent',
    '/event/Practice_Signal__e',
    'Practice_Signals',
    '/data/',
    '\u0000',
    '🦥',
  ),
  fc.string({ maxLength: 20 }),
)
const number = fc.oneof(fc.constantFrom(0, -1, 1, 100, 101, 2_147_483_647, -2_147_483_648), fc.integer())
const replayId = fc.oneof(
  fc.uint8Array({ maxLength: 9 }),
  fc.constantFrom(new Uint8Array(8), new Uint8Array(8).fill(255)),
)
const event = fc.record({ id: text, schemaId: text, payload: fc.uint8Array({ maxLength: 30 }) })
const message = fc.record(
  {
    topicName: text,
    schemaId: text,
    replayPreset: fc.constantFrom(0, 1, 2),
    replayId,
    numRequested: number,
    authRefresh: text,
    events: fc.array(event, { maxLength: 3 }),
    subscriptionId: text,
    developerName: text,
    commitReplayIdRequest: fc.record({ commitRequestId: text, replayId }),
  },
  { requiredKeys: [] },
)

/** Any bytes, cut messages, messages of another method, and messages with values nobody expects. */
const frame = (method: string) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    message.map((value) => frameOf(method, value)),
    fc.tuple(message, fc.constantFrom(...METHODS)).map(([value, other]) => frameOf(other, value)),
    fc.tuple(message, fc.nat(40)).map(([value, at]) => frameOf(method, value).subarray(0, at)),
  )

export const malformedGrpc: fc.Arbitrary<GrpcShot> = fc
  .constantFrom(...METHODS)
  .chain((method) =>
    fc.record({ method: fc.constant(method), frames: fc.array(frame(method), { minLength: 1, maxLength: 3 }) }),
  )
