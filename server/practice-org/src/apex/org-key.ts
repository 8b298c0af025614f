import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { readText, writeSecret } from '../org/secret-file.ts'

const FILE = 'org-key.pem'

/** The certificate an org signs with (`Auth.JWS`): its private key, and the public half for whoever verifies. */
export interface OrgKey {
  privateKey: KeyObject
  publicKeyPem: string
}

/** Reads the key from `dataDir`, or makes it on the first start and keeps it there (0600). Null keeps it in memory. */
export async function orgKey(dataDir: string | null): Promise<OrgKey> {
  const kept = dataDir ? readText(dataDir, FILE) : undefined
  if (kept) return pairOf(createPrivateKey(kept))
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  if (dataDir) writeSecret(dataDir, FILE, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return pairOf(privateKey)
}

function pairOf(privateKey: KeyObject): OrgKey {
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return { privateKey, publicKeyPem }
}
