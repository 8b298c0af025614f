// A key file means the same key wherever it lies, and no upgrade gives an installation another one.
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isSealed, seal } from '../../server/salesforce-mcp/approvals/acceptance-mac.ts'
import { readBrainSettings } from '../../server/settings/brain-settings.ts'
import { hexKeyOf, sealKeyOf, type SealKey } from '../../server/settings/key-text.ts'
import { readSalesforceMcpSettings } from '../../server/settings/salesforce-mcp-settings.ts'
import { SettingsError } from '../../server/settings/settings-error.ts'

const HEX = '0123456789abcdef'.repeat(4)
const TAKEN_AT = '2026-11-30T09:00:00.000Z'

let folder: string
let given: Record<string, string>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'missions-keys-'))
  const pem = join(folder, 'rsa.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  given = {
    ORG_ID: '00D000000000001EAA',
    SF_LOGIN_URL: 'https://example.my.salesforce.com',
    SF_READER_CLIENT_ID: 'reader',
    SF_READER_USERNAME: 'reader@example.com',
    SF_READER_KEY_FILE: pem,
    SF_WRITER_CLIENT_ID: 'writer',
    SF_WRITER_USERNAME: 'writer@example.com',
    SF_WRITER_KEY_FILE: pem,
    SF_ORG_KEY_FILES: pem,
    DATA_DIR: join(folder, 'data'),
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function insideKey(change: Record<string, string> = {}): SealKey {
  const { mcp } = readBrainSettings({ ...given, ...change }).salesforce
  if (mcp.kind === 'remote') throw new Error('salesforce-mcp runs elsewhere')
  return mcp.sealKey
}

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('a seal key that the brain made', () => {
  it('is the same key when its file is moved and named by the setting', () => {
    const kept = insideKey()
    const moved = join(folder, 'moved.key')
    cpSync(join(folder, 'data', 'keys', 'seal.key'), moved)
    expect(insideKey({ SALESFORCE_MCP_SEAL_KEY_FILE: moved })).toEqual(kept)
    const own = readSalesforceMcpSettings({ ...given, SALESFORCE_MCP_SEAL_KEY_FILE: moved })
    expect(own.mcp.sealKey).toEqual(kept)
    expect(kept.key).toHaveLength(32)
  })
})

describe('a body key that the brain made', () => {
  it('is the same key when its file is moved and named by the setting', () => {
    const kept = readBrainSettings(given).bodyKey
    const moved = join(folder, 'moved.key')
    cpSync(join(folder, 'data', 'keys', 'body.key'), moved)
    expect(readBrainSettings({ ...given, BODY_KEY_FILE: moved }).bodyKey).toEqual(kept)
  })
})

describe('what was sealed before both places were read alike', () => {
  const token = 'header.payload.signature'
  const under = (key: Uint8Array) => seal({ key }, token, TAKEN_AT)

  it.each([
    ['as text, from a named file of 64 hex digits', `${HEX}\n`, Buffer.from(HEX, 'utf8')],
    ['as hex, from the data folder', `${HEX}\n`, Buffer.from(HEX, 'hex')],
    [
      'as text, from a named file of other text',
      'a secret of more than thirty-two bytes\n',
      Buffer.from('a secret of more than thirty-two bytes', 'utf8'),
    ],
  ])('is recognised where the file was read %s', (_where, text, before) => {
    const now = insideKey({ SALESFORCE_MCP_SEAL_KEY_FILE: file('seal.key', text) })
    expect(isSealed(now, under(before))).toBe(true)
    expect(isSealed(now, under(Buffer.alloc(32, 1)))).toBe(false)
  })

  it('is sealed from now on under the decoded digits', () => {
    expect(under(sealKeyOf(HEX)!.key)).toEqual(under(Buffer.from(HEX, 'hex')))
  })
})

describe('the text of a key file', () => {
  it.each([
    [HEX, 32],
    [HEX.toUpperCase(), 32],
    [` ${HEX}\r\n`, 32],
    [HEX.slice(1), null],
    [`${HEX}00`, null],
    [`${HEX} # body`, null],
    ['', null],
  ])('%j holds a hex key of %s bytes', (text, bytes) => {
    expect(hexKeyOf(text)?.length ?? null).toBe(bytes)
  })

  it('that is too short is refused by name', () => {
    const short = { SALESFORCE_MCP_SEAL_KEY_FILE: file('seal.key', 'short'), BODY_KEY_FILE: file('body.key', HEX) }
    expect(() => insideKey(short)).toThrow(SettingsError)
    expect(() => insideKey(short)).toThrow(/SALESFORCE_MCP_SEAL_KEY_FILE leads to .*fewer than 32 bytes/)
    const body = { BODY_KEY_FILE: file('body.key', `${HEX} # body`) }
    expect(() => readBrainSettings({ ...given, ...body })).toThrow(/BODY_KEY_FILE leads to .*not 64 hex digits/)
  })
})
