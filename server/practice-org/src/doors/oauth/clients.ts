import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SCOPES, type Scope } from '../../wire/sessions/scopes.ts'

const DEFAULT_SCOPES: Scope[] = ['api', 'id', 'web', 'refresh_token', 'openid', 'custom_permissions']

/** An app that may ask for tokens: in a browser, by password or client secret, or by assertions under its registered key. */
export const OAuthClient = z.object({
  id: z.string().min(1),
  /** Absent: the client needs none. */
  secret: z.string().optional(),
  /** User of the client credentials grant. */
  runAs: z.string().optional(),
  /** Public key or X.509 certificate that its JWT assertions must verify under. */
  publicKeyPem: z.string().optional(),
  /** Pre-authorised usernames: for the JWT bearer grant, and for every grant where an administrator approves users. */
  users: z.array(z.string()).default([]),
  /** Users approve the app themselves, or only those an administrator approved may use it. */
  approval: z.enum(['self', 'admin']).default('self'),
  scopes: z.array(z.enum(SCOPES)).default(DEFAULT_SCOPES),
  /** Where a browser may be sent back to: compared character by character, but for `ANY_LOCALHOST`. */
  redirectUris: z.array(z.string()).default([]),
  /** The authorization code flow needs a code challenge. */
  requirePkce: z.boolean().default(false),
  /** Devices without a browser may ask for tokens. */
  deviceFlow: z.boolean().default(false),
  /** May ask about tokens of other clients. */
  introspectAll: z.boolean().default(false),
})
export type OAuthClient = z.infer<typeof OAuthClient>

/** What an installer writes to `clients.json`, and what tests hand in. */
export type OAuthClientInput = z.input<typeof OAuthClient>

/** Client of the Lightning page: its calls are changes made in the user interface. */
export const PAGE_CLIENT_ID = 'lightning'

/** Registered in place of a redirect URI: any port and path of this machine. An org has no such entry. */
const ANY_LOCALHOST = 'http://localhost:*'

const BUILT_IN: OAuthClient[] = z.array(OAuthClient).parse([
  { id: PAGE_CLIENT_ID },
  { id: 'practice-page' },
  { id: 'PlatformCLI', redirectUris: ['http://localhost:1717/OauthRedirect'], deviceFlow: true },
  {
    id: 'practice',
    secret: 'practice',
    runAs: 'reader@practice.example',
    redirectUris: [ANY_LOCALHOST],
    deviceFlow: true,
  },
])

/** Whether a browser may be sent to this address with a code or a token of the client. */
export function isRegistered(client: OAuthClient, redirectUri: string): boolean {
  if (client.redirectUris.includes(redirectUri)) return true
  if (!client.redirectUris.includes(ANY_LOCALHOST) || !URL.canParse(redirectUri)) return false
  const { protocol, hostname, username, hash } = new URL(redirectUri)
  return /^https?:$/.test(protocol) && hostname === 'localhost' && username === '' && hash === ''
}

/**
 * The registered clients: built in, handed in, then those of the file. The file is read at each call, because a
 * program that sets itself up beside a running org registers its keys there.
 * Throws ClientsFileError when the file exists and does not have the right shape.
 */
export function readClients(file: string | null, given: OAuthClientInput[] = []): Map<string, OAuthClient> {
  const fromFile = file ? parseFile(file) : []
  const all = [...BUILT_IN, ...given.map((client) => OAuthClient.parse(client)), ...fromFile]
  return new Map(all.map((client) => [client.id, client]))
}

export class ClientsFileError extends Error {
  readonly file: string
  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`)
    this.name = 'ClientsFileError'
    this.file = file
  }
}

function parseFile(file: string): OAuthClient[] {
  const text = readIfThere(file)
  if (text === undefined) return []
  try {
    return z.array(OAuthClient).parse(JSON.parse(text))
  } catch (error) {
    throw new ClientsFileError(file, error instanceof Error ? error.message : String(error))
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
