import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startChild, type Child } from '../../server/practice/child.ts'
import { GRACE_MS, together } from '../../server/practice/together.ts'
import { until } from '../support/until.ts'

let folder: string
let children: Child[]
const said: string[] = []
const start = (name: string) =>
  startChild({
    name,
    entry: join(import.meta.dirname, 'standing-child.ts'),
    env: { MARK: join(folder, name) },
    logFile: join(folder, `${name}.log`),
  })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'missions-together-'))
  children = [await start('practice org'), await start('brain')]
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => void said.push(String(line)))
})
afterEach(() => {
  vi.restoreAllMocks()
  said.length = 0
  rmSync(folder, { recursive: true, force: true })
})

const kept = () =>
  together(
    children,
    () => start('brain'),
    async () => void (await Promise.all(children.map((child) => child.stop(GRACE_MS)))),
  )

it('a brain that stood still is started again, as often as that happens', async () => {
  const { ended, stop } = kept()
  for (const times of [1, 2]) {
    const { pid } = children[1]!
    writeFileSync(join(folder, 'brain'), '')
    await until('another brain is there', () => Promise.resolve(children[1]!.pid !== pid))
    expect(said).toEqual(
      Array.from({ length: times }, () => 'The brain stood still and its watchdog ended it; it is started again.'),
    )
  }
  await stop()
  expect(await ended).toBe(0)
})

it.each(['brain', 'practice org'])('a %s that ends otherwise ends the practice', async (name) => {
  const { ended } = kept()
  children.find((child) => child.name === name)!.kill()
  expect(await ended).toBe(1)
  expect(said).toEqual([`The ${name} ended by itself (code 1); see the logs folder beside its data.`])
})
