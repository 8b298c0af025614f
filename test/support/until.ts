/** Asks until the answer is there: tests wait for facts, never for time. Throws what was last seen when `withinMs` is over. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const start = performance.now()
  const end = start + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    // Asking less and less often stays below the brain's limit of requests a minute.
    const pauseMs = Math.min(250, 25 + (performance.now() - start) / 40)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
