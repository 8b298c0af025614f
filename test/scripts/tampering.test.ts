import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { openTarget, type Target } from './tampering.ts'
import { SHOTS } from './tampering-shots.ts'

let server: PostgresServer | null = null
let target: Target | null = null
beforeAll(async () => {
  server = await startPostgres()
  target = server && (await openTarget(server))
})
afterAll(async () => {
  target?.close()
  await server?.stop()
})

describe('npm run audit with keys and anchors from outside', () => {
  it('finds nothing in a database that is as it was written, with an erased run', async ({ skip }) => {
    if (!target) skip()
    const { code, lines } = await target!.audited(() => Promise.resolve())
    expect(lines[0]).toMatch(/^4 runs, \d+ journal entries, contents of 1 run erased: everything adds up$/)
    expect(code).toBe(0)
  })

  it.each(SHOTS)('finds %s', async (_, attack, sentence) => {
    if (!target) return
    const { code, lines } = await target.audited(attack)
    expect(
      lines.filter((line) => /^(run|checkpoint|anchor|mission|knowledge|change|the switch)[ :]/.test(line)).join('\n'),
    ).toMatch(sentence)
    expect(code).toBe(1)
  })

  it('finds an older backup that was put in place, by the anchors in the org alone', async ({ skip }) => {
    if (!target) skip()
    const untouched = () => Promise.resolve()
    expect((await target!.audited(untouched, { of: 'backup', anchors: false })).code).toBe(0)
    const { code, lines } = await target!.audited(untouched, { of: 'backup' })
    expect(lines[0]).toMatch(/^anchor [0-9a-f]{64}: the org holds it, but no checkpoint here has this hash$/)
    expect(code).toBe(1)
  })
})

describe('npm run audit -- pack', () => {
  it('writes the evidence of a run, which its own verifier finds to hold; erased runs too', async ({ skip }) => {
    if (!target) skip()
    const { folder, runs } = target!
    for (const runId of [runs.verified, runs.erased]) {
      const pack = join(folder, runId)
      mkdirSync(pack)
      expect(await target!.pack(runId, `${pack}.tar`)).toMatchObject({ code: 0 })
      execFileSync('tar', ['-xf', `${pack}.tar`, '-C', pack])
      const keys = ['--checkpoint-key', join(folder, 'checkpoint.pem'), '--org-key', join(folder, 'org.pem')]
      const anchors = ['--anchors', join(folder, 'anchors.csv')]
      const argv = [join(pack, 'verify.mjs'), ...keys, ...anchors]
      const said = execFileSync(process.execPath, argv, { encoding: 'utf8' })
      expect(said).toMatch(/[1-9] of \d+ checkpoints are anchored in the org\nEverything adds up\n$/)
    }
  })

  it('says what is missing', async ({ skip }) => {
    if (!target) skip()
    const { code, lines } = await target!.pack('none', join(target!.folder, 'none.tar'))
    expect([code, lines]).toEqual([2, ['There is no run none']])
  })
})
