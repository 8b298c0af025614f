import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rulesetFingerprint } from '../../../server/brain/boot/ruleset-fingerprint.ts'

const root = join(import.meta.dirname, '..', '..', '..')

describe('the fingerprint of the engine', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'missions-engine-'))
    cpSync(join(root, 'server', 'brain'), join(folder, 'server', 'brain'), { recursive: true })
    cpSync(join(root, 'server', 'contract'), join(folder, 'server', 'contract'), { recursive: true })
    cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is the same for the same files, wherever they lie', async () => {
    const here = await rulesetFingerprint()
    expect(here).toMatch(/^[0-9a-f]{16}$/)
    expect(await rulesetFingerprint(join(folder, 'server'))).toBe(here)
  })

  it('changes with a rule and with a package, and not with a mission, which has versions of its own', async () => {
    const server = join(folder, 'server')
    const before = await rulesetFingerprint(server)
    writeFileSync(join(server, 'brain', 'missions', 'catalog', 'another.yaml'), 'mission: another')
    expect(await rulesetFingerprint(server)).toBe(before)
    appendFileSync(join(server, 'brain', 'matching', 'judge.ts'), '// changed')
    const changed = await rulesetFingerprint(server)
    expect(changed).not.toBe(before)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { tldts: '0.0.1' } }))
    expect(await rulesetFingerprint(server)).not.toBe(changed)
  })
})
