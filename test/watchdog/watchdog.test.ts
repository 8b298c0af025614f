import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { isWatchdogLine } from '../../server/watchdog/watchdog.ts'

const ENTRY = join(import.meta.dirname, 'standing.ts')

describe('the watchdog', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  async function start(seconds: number): Promise<{ child: ChildProcess; said: () => string }> {
    const child = fork(ENTRY, [String(seconds)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    children.push(child)
    let said = ''
    child.stderr?.on('data', (piece: Buffer) => (said += piece.toString()))
    await once(child, 'message')
    return { child, said: () => said }
  }

  const lives = async (child: ChildProcess) => {
    child.send('ask')
    return (await once(child, 'message'))[0] as unknown
  }

  it('ends a process that loops for ever, and says so in one line', async () => {
    const { child, said } = await start(1)
    child.send('stand still')
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
    expect(said()).toBe(
      'the test’s process: the event loop stood still for 1 s; the watchdog ended this process (WATCHDOG_SECONDS)\n',
    )
    expect(isWatchdogLine(said())).toBe(true)
  })

  it('leaves a process alone that was suspended for longer than its limit', async () => {
    const { child, said } = await start(1)
    child.kill('SIGSTOP')
    await sleep(3_000)
    child.kill('SIGCONT')
    expect(await lives(child)).toBe('lives')
    // As long again as the watchdog would need to end it.
    await sleep(1_500)
    expect(await lives(child)).toBe('lives')
    expect(said()).toBe('')
  })

  it('leaves a process alone that works, and one it was not to watch', async () => {
    const { child } = await start(0.5)
    await sleep(1_500)
    expect(await lives(child)).toBe('lives')
    const { child: unwatched } = await start(0)
    unwatched.send('stand still')
    await sleep(1_500)
    expect([unwatched.exitCode, unwatched.signalCode]).toEqual([null, null])
  })
})
