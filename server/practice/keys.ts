import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PRIVATE = { mode: 0o600 }

/** The OAuth clients the brain reads and writes with: each its own key and its own org user. */
export const CLIENTS = [
  { id: 'missions-reader', user: 'reader@practice.example' },
  { id: 'missions-writer', user: 'writer@practice.example' },
] as const

export const keyFile = (dataDir: string, client: string): string => join(dataDir, 'keys', `${client}.pem`)

/**
 * Creates what an administrator would create once: a key pair per OAuth client, the public half registered with the
 * practice org. Keeps what is there.
 */
export function registerClients(dataDir: string): void {
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
  mkdirSync(join(dataDir, 'practice-org'), { recursive: true, mode: 0o700 })
  const clients = CLIENTS.map(({ id, user }) => ({ id, publicKeyPem: publicKey(dataDir, id), users: [user] }))
  writeFileSync(join(dataDir, 'practice-org', 'clients.json'), JSON.stringify(clients, null, 2), PRIVATE)
}

function publicKey(dataDir: string, client: string): string {
  const file = keyFile(dataDir, client)
  const publicFile = file.replace(/\.pem$/, '.public.pem')
  if (!existsSync(file) || !existsSync(publicFile)) {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    writeFileSync(file, pair.privateKey, PRIVATE)
    writeFileSync(publicFile, pair.publicKey)
  }
  return readFileSync(publicFile, 'utf8')
}
