const LOOK_MS = 500

/**
 * Calls `end` once when npm, which started this process, is gone: killed, it sends no signal. A process that npm did not
 * start outlives its parent, so that a shell can leave it in the background.
 */
export function onNpmGone(env: NodeJS.ProcessEnv, end: () => void): void {
  if (env.npm_lifecycle_event !== 'start') return
  const npm = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(timer)
    end()
  }, LOOK_MS)
  timer.unref()
}
