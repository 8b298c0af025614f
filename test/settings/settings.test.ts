import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brainEnvironment } from '../../server/settings/brain-environment.ts'
import { SettingsError } from '../../server/settings/settings-error.ts'

const keyFolder = mkdtempSync(join(tmpdir(), 'missions-settings-key-'))
const KEY = join(keyFolder, 'key.pem')
writeFileSync(KEY, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))

const GIVEN = {
  ORG_ID: '00D000000000001EAA',
  SF_LOGIN_URL: 'https://example.my.salesforce.com',
  SF_READER_CLIENT_ID: 'reader',
  SF_READER_USERNAME: 'reader@example.com',
  SF_READER_KEY_FILE: KEY,
  SF_WRITER_CLIENT_ID: 'writer',
  SF_WRITER_USERNAME: 'writer@example.com',
  SF_WRITER_KEY_FILE: KEY,
  SF_ORG_KEY_FILES: KEY,
}

function linesOf(change: Record<string, string>): readonly string[] {
  try {
    brainEnvironment({ ...GIVEN, ...change })
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.lines
    throw error
  }
}

describe('settings', () => {
  let folder: string
  let file: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'missions-settings-'))
    file = join(folder, 'secret')
    writeFileSync(file, 'postgres://missions@db:5432/missions\n')
  })
  afterAll(() => [folder, keyFolder].forEach((each) => rmSync(each, { recursive: true, force: true })))

  it('take a secret from the file that is named', () => {
    const env = brainEnvironment({ ...GIVEN, DATABASE_URL_FILE: file })
    expect(env.DATABASE_URL).toBe('postgres://missions@db:5432/missions')
  })

  it('refuse a secret that stands in the environment and in a file', () => {
    const lines = linesOf({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://other@db:5432/other' })
    expect(lines).toEqual([
      'DATABASE_URL_FILE is set, and DATABASE_URL too: set one of them; set it in the environment, e.g. DATABASE_URL_FILE=secrets/database-url',
    ])
  })

  it('name the file that cannot be read', () => {
    expect(linesOf({ LLM_API_KEY_FILE: join(folder, 'nowhere') })).toEqual([
      expect.stringContaining('LLM_API_KEY_FILE names ') as string,
    ])
  })

  it('want the three settings of a language model together', () => {
    expect(linesOf({ LLM_PRICE_INPUT: '2,50', LLM_CURRENCY: 'Euro' }).map((line) => line.split(' ')[0])).toEqual([
      'LLM_PRICE_INPUT',
      'LLM_CURRENCY',
      'LLM_PRICE_OUTPUT',
    ])
    expect(linesOf({ LLM_PRICE_INPUT: '2.50' }).map((line) => line.split(' ')[0])).toEqual([
      'LLM_PRICE_OUTPUT',
      'LLM_CURRENCY',
    ])
    const lines = linesOf({ LLM_BASE_URL: 'https://llm.example.com/v1' })
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(
      'LLM_MODEL is missing: set LLM_BASE_URL, LLM_MODEL and LLM_API_KEY together, or none of them',
    )
  })

  it('give each wrong or missing one a line with an example', () => {
    const lines = linesOf({ ORG_ID: '', SF_LOGIN_URL: 'ftp://x', SF_API_VERSION: 'newest' })
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).toMatch(/ORG_ID is missing; set it in the environment, e.g. ORG_ID=00D/)
    expect(lines.join('\n')).toMatch(/SF_API_VERSION is not a version/)
  })
})
