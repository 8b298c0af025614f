// HTTP calls per second that a server answers, from one client on kept-alive connections.
export interface Call {
  url: string
  method?: string
  headers: Record<string, string>
  body?: string
}

const IN_FLIGHT = 8
const WARM_UP = 50

/** Calls answered per second over about `seconds`, eight in flight. Throws Error when an answer is no success. */
export async function callsPerSecond(callAt: (n: number) => Call, seconds: number): Promise<number> {
  let n = 0
  const answer = async () => {
    const { url, ...init } = callAt(n++)
    const response = await fetch(url, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`)
  }
  for (let i = 0; i < WARM_UP; i += 1) await answer()
  const from = n
  const start = performance.now()
  const end = start + seconds * 1000
  const lane = async () => {
    while (performance.now() < end) await answer()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return Math.round(((n - from) * 1000) / (performance.now() - start))
}

export const batchesOf = <T>(rows: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
