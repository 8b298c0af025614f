import { spawn } from 'node:child_process'

/** Ends every process that still runs once its input ends, which happens also when the harness is killed. */
const SCRIPT = `live=" "
while read -r line; do
  case $line in
    +*) live="$live\${line#+} ";;
    -*) live=$(printf %s "$live" | sed "s/ \${line#-} / /");;
  esac
done
for pid in $live; do kill -9 $pid; done`

export interface Reaper {
  /** Ends this process too, should the harness end before it. */
  watch(pid: number): void
  forget(pid: number): void
  close(): void
}

export function startReaper(): Reaper {
  const child = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.unref()
  const say = (line: string) => void child.stdin.write(`${line}\n`)
  return { watch: (pid) => say(`+${pid}`), forget: (pid) => say(`-${pid}`), close: () => child.stdin.end() }
}
