import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'

/** Waits for its input to end, which happens also when whoever started it is killed, then ends the server. */
const KEEPER =
  '"$@" </dev/null >/dev/null 2>&1 & server=$!; trap "kill -INT $server" TERM INT; cat >/dev/null; kill -INT $server; wait $server'

/** Starts a server that cannot outlive this process. Its exit is the keeper's; ending the keeper's input ends it. */
export function startTied(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  return spawn('sh', ['-c', KEEPER, 'keeper', command, ...args], { ...options, stdio: ['pipe', 'ignore', 'ignore'] })
}

export async function endTied(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin?.end()
  await ended
}
