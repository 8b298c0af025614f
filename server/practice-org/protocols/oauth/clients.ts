import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** An app that may ask for tokens: by password or client secret, or by assertions under its registered key. */
export const OAuthClient = z.object({
  id: z.string().min(1),
  /** Absent: the client needs none. */
  secret: z.string().optional(),
  /** User of the client credentials grant. */
  runAs: z.string().optional(),
  /** Public key or X.509 certificate that its JWT assertions must verify under. */
  publicKeyPem: z.string().optional(),
  /** Pre-authorised usernames for the JWT bearer grant. */
  users: z.array(z.string()).default([]),
})
export type OAuthClient = z.infer<typeof OAuthClient>

/** What an installer writes to `clients.json`, and what tests hand in. */
export type OAuthClientInput = z.input<typeof OAuthClient>

/** Client of the Lightning page: its calls are changes made in the user interface. */
export const PAGE_CLIENT_ID = 'lightning'

const BUILT_IN: OAuthClient[] = [
  { id: PAGE_CLIENT_ID, users: [] },
  { id: 'practice-page', users: [] },
  { id: 'PlatformCLI', users: [] },
  { id: 'practice', secret: 'practice', runAs: 'reader@practice.example', users: [] },
]

/**
 * The registered clients: built in, handed in, then those of the file. The file is read at each call, because a
 * brain that sets itself up beside a running org registers its keys there.
 * @throws ClientsFileError when the file exists and does not have the right shape
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
