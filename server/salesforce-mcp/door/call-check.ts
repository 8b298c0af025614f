import { decodeProtectedHeader, jwtVerify } from 'jose'
import { CALL_SECONDS, CALL_TYPE, CallClaims, keyId, Scope, SIGNED_WITH } from '../../contract/call-token.ts'
import type { CallerKey } from '../../settings/callers.ts'
import type { Challenges } from './challenges.ts'
import { UsedIds } from './used-ids.ts'

/** Between this server's time as a caller reckons it from a challenge, and as it is. */
const TOLERANCE_SECONDS = 5
const LONGEST_TOKEN = 4_096

/** A request whose token is right. */
export interface Call {
  /** Name of the caller. */
  caller: string
  jti: string
  scopes: ReadonlySet<Scope>
  /** `bodyDigest` of the body that the token is for. */
  body: string
}

/** Why a request is refused: 401, its token is not right; 403, its caller may not do that; 503, too many at once. */
export class CallRefused extends Error {
  readonly status: 401 | 403 | 503
  /** Whose key the token names; null when it names none. */
  readonly caller: string | null

  constructor(status: 401 | 403 | 503, message: string, caller: string | null = null) {
    super(message)
    this.name = 'CallRefused'
    this.status = status
    this.caller = caller
  }
}

interface Asked {
  authorization: string | undefined
  method: string
  /** As the caller addressed it. */
  url: string
}

interface CheckSettings {
  /** Name of this salesforce-mcp. */
  audience: string
  callers: readonly CallerKey[]
  challenges: Challenges
  now: () => Date
}

/** Takes each token once, for the one request that it was signed for. */
export class CallCheck {
  readonly #settings: CheckSettings
  readonly #used = new UsedIds()
  #keys: ReadonlyMap<string, CallerKey>

  constructor(settings: CheckSettings) {
    this.#settings = settings
    this.#keys = byId(settings.callers)
  }

  /** Accepts these keys and no others, from the next request on. */
  accept(callers: readonly CallerKey[]): void {
    this.#keys = byId(callers)
  }

  /** Throws CallRefused when the token is missing, wrong, used, or asks for a scope that its key does not have. */
  async check({ authorization, method, url }: Asked): Promise<Call> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined || token.length > LONGEST_TOKEN) throw unauthorized('a signed token is wanted')
    const now = this.#settings.now()
    const key = this.#keyOf(token, now)
    const claims = await this.#claimsOf(token, key, now)
    if (claims.htm !== method || claims.htu !== url) throw unauthorized('the token is for another request', key)
    const until = (claims.exp + TOLERANCE_SECONDS) * 1000
    const taken = this.#used.take(claims.jti, until, now.getTime())
    if (taken === 'used') throw unauthorized('the token was used before', key)
    if (taken === 'full') throw new CallRefused(503, 'there are too many calls', key.name)
    return { caller: key.name, jti: claims.jti, scopes: scopesOf(claims.scope, key), body: claims.body }
  }

  #keyOf(token: string, now: Date): CallerKey {
    const key = this.#keys.get(kidOf(token))
    if (!key) throw unauthorized('the token names no key of a caller')
    if (now.getTime() < key.notBefore || now.getTime() >= key.notAfter)
      throw unauthorized('the key is not in use now', key)
    return key
  }

  async #claimsOf(token: string, key: CallerKey, now: Date) {
    const { audience, challenges } = this.#settings
    const verified = await jwtVerify(token, key.key, {
      algorithms: [SIGNED_WITH],
      typ: CALL_TYPE,
      issuer: key.name,
      audience,
      clockTolerance: TOLERANCE_SECONDS,
      maxTokenAge: CALL_SECONDS,
      currentDate: now,
    }).catch(() => null)
    const parsed = CallClaims.safeParse(verified?.payload)
    if (!parsed.success) throw unauthorized('the token is not right', key)
    const { iat, exp, nonce } = parsed.data
    if (exp <= iat || exp - iat > CALL_SECONDS) throw unauthorized('the token is valid for too long', key)
    if (!challenges.isOpen(nonce)) throw unauthorized('the token answers no open challenge', key)
    return parsed.data
  }
}

function scopesOf(text: string, { name, scopes }: CallerKey): Set<Scope> {
  const asked = text.split(' ')
  const foreign = asked.some((each) => !scopes.some((scope) => scope === each))
  if (foreign) throw new CallRefused(403, 'the key has no such scope', name)
  return new Set(asked.map((each) => Scope.parse(each)))
}

function kidOf(token: string): string {
  try {
    const { kid } = decodeProtectedHeader(token)
    return typeof kid === 'string' ? kid : ''
  } catch {
    return ''
  }
}

const byId = (callers: readonly CallerKey[]) => new Map(callers.map((caller) => [keyId(caller.key), caller]))

const unauthorized = (message: string, key?: CallerKey): CallRefused => new CallRefused(401, message, key?.name ?? null)
