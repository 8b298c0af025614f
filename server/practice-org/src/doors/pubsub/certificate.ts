import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'
import type { TlsPair } from '../../wire/http/both-on-one-port.ts'
import { readText, writeSecret } from '../../org/secret-file.ts'

/**
 * The TLS certificate of this org, for localhost: of the events port, and of HTTPS on the port of HTTP. Kept in
 * `dataDir`, so that a client which trusts it need not be told anew after a restart; made anew when it is about to
 * expire. Null keeps it in memory.
 */
export async function tlsCertificate(dataDir: string | null, nowMs: number): Promise<TlsPair> {
  const kept = dataDir ? readPair(dataDir) : undefined
  if (kept && new X509Certificate(kept.cert).validToDate.getTime() > nowMs + 86_400_000) return kept
  const fresh = await makePair(nowMs)
  if (dataDir) {
    writeSecret(dataDir, 'events-key.pem', fresh.key)
    writeSecret(dataDir, 'events-cert.pem', fresh.cert)
  }
  return fresh
}

function readPair(dataDir: string): TlsPair | undefined {
  const key = readText(dataDir, 'events-key.pem')
  const cert = readText(dataDir, 'events-cert.pem')
  return key && cert ? { key, cert } : undefined
}

async function makePair(nowMs: number): Promise<TlsPair> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - 86_400_000),
    notAfterDate: new Date(nowMs + 825 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
