import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface OrgProcess {
  url: string
  port: number
  eventsPort: number
  orgId: string
  /** Ends the process at once, as a crash does: nothing is closed. */
  kill(): Promise<void>
}

/** A practice org in a process of its own, on the ports it had before when they are given. */
export async function forkOrg(dataDir: string, ports = { port: 0, eventsPort: 0 }): Promise<OrgProcess> {
  const settings = JSON.stringify({ dataDir, port: ports.port, eventsPort: ports.eventsPort })
  const child: ChildProcess = fork(new URL('./bare-org.ts', import.meta.url), [settings])
  const ready = once(child, 'message').then(([message]) => message as Omit<OrgProcess, 'kill'>)
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the org ended with ${String(code)}`)))
  const started = await Promise.race([ready, failed])
  failed.catch(() => {})
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return { ...started, kill }
}
