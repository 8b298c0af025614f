import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brainEnvironment, type BrainEnvironment } from '../../server/settings/brain-environment.ts'
import { SettingsError } from '../../server/settings/settings-error.ts'
import { orgKeys, privateKey } from '../../server/settings/files.ts'
import { ok, unknown, wrong, type Outcome } from './check.ts'

/** The settings of the brain, or one line for each wrong one. Reads only; creates no keys. */
export function readSettings(env: Record<string, string | undefined>): BrainEnvironment | string[] {
  try {
    return brainEnvironment(env)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message.split('\n')
  }
}

/** Checks the public URL and the origins, which a real org cannot leave to their defaults. */
export function checkPublicSettings({ PUBLIC_URL, ALLOWED_ORIGINS }: BrainEnvironment): Outcome {
  if (!PUBLIC_URL)
    return wrong('PUBLIC_URL is missing: it is the audience of every token, e.g. https://missions.example.com')
  if (ALLOWED_ORIGINS.length === 0) return wrong('ALLOWED_ORIGINS is empty: no page may call the brain')
  return ok(`the brain is ${PUBLIC_URL}, called from ${ALLOWED_ORIGINS.join(', ')}`)
}

/** The reader's and writer's key files. */
export function checkPrivateKeys(settings: BrainEnvironment): Outcome {
  return told(() => {
    privateKey('SF_READER_KEY_FILE', settings.SF_READER_KEY_FILE)
    if (settings.SF_WRITER_KEY_FILE) privateKey('SF_WRITER_KEY_FILE', settings.SF_WRITER_KEY_FILE)
    return ok('each is a PEM private key')
  })
}

/** Checks the org's public key: it parses and, if it is a certificate, is valid now. */
export function checkOrgKeys({ SF_ORG_KEY_FILES: files }: BrainEnvironment, now: Date): Outcome {
  return told(() => {
    orgKeys(files)
    const ends = files.map((file) => endOf(file)).filter((end) => end !== null)
    const expired = ends.filter((end) => end < now)
    if (expired.length > 0) return wrong(`a certificate ended on ${expired[0]?.toISOString().slice(0, 10)}`)
    const until = ends.map((end) => end.toISOString().slice(0, 10)).join(', ')
    const first = `${files.length} of at most two public keys`
    return ok(until ? `${first}, valid until ${until}` : first)
  })
}

function endOf(file: string): Date | null {
  const pem = readFileSync(file, 'utf8')
  return pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).validToDate : null
}

/** A writer's key in the brain's process is allowed; it is reported. */
export function checkSeparation({ SALESFORCE_MCP_URL: url }: BrainEnvironment): Outcome {
  return url
    ? ok(`salesforce-mcp is a process of its own at ${url}`)
    : unknown('salesforce-mcp runs inside the brain: whoever takes over the brain holds the writer’s key')
}

function told(look: () => Outcome): Outcome {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return wrong(error.message)
  }
}
