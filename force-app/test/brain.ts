// A brain for the component tests: answers fetch by path, remembers what was asked, and can push stream events.

interface Asked {
  method: string
  path: string
  search: string
  body: unknown
  headers: Record<string, string>
}
type Answer = { status?: number; body: unknown } | ((asked: Asked) => { status?: number; body: unknown })

export class FakeBrain {
  readonly asked: Asked[] = []
  private readonly answers: Record<string, Answer> = {}
  private stream: ReadableStreamDefaultController<Uint8Array> | null = null
  private lastId = 0

  install(): this {
    globalThis.fetch = ((input: string, init?: RequestInit) => this.handle(input, init)) as typeof fetch
    return this
  }

  /** `route` is `GET /api/v1/…`, without a query. */
  on(route: string, answer: Answer): this {
    this.answers[route] = answer
    return this
  }

  /** Refuses with a problem document. */
  refuse(route: string, status: number, detail: string, title = `HTTP ${status}`): this {
    return this.on(route, { status, body: { type: 'about:blank', title, status, detail } })
  }

  calls(route: string): Asked[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === route)
  }

  get isStreaming(): boolean {
    return this.stream !== null
  }

  /** Sends an event on the page's stream. */
  push(event: string, data: object): void {
    this.lastId += 1
    this.write(`id: ${this.lastId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  write(text: string): void {
    this.stream?.enqueue(new TextEncoder().encode(text))
  }

  /** The server ends the stream. */
  hangUp(): void {
    this.stream?.close()
    this.stream = null
  }

  private handle(input: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input)
    const headers = (init.headers ?? {}) as Record<string, string>
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null
    const asked = { method: init.method ?? 'GET', path: url.pathname, search: url.search, body, headers }
    this.asked.push(asked)
    if (asked.path === '/api/v1/stream' && !this.answers['GET /api/v1/stream']) return this.openStream(init.signal)
    const answer = this.answers[`${asked.method} ${asked.path}`]
    const { status = 200, body: content } = (typeof answer === 'function' ? answer(asked) : answer) ?? {
      status: 404,
      body: { type: 'about:blank', title: 'Not found', status: 404, detail: asked.path },
    }
    return Promise.resolve(response(status, content))
  }

  private openStream(signal: AbortSignal | null | undefined): Promise<Response> {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.stream = controller) })
    const mine = this.stream
    signal?.addEventListener('abort', () => {
      if (this.stream === mine) this.stream = null
    })
    return Promise.resolve({ ok: true, status: 200, body } as Response)
  }
}

function response(status: number, content: unknown): Response {
  return { ok: status < 400, status, body: null, json: () => Promise.resolve(content) } as unknown as Response
}

/** Waits until `condition` gives something truthy and returns it; fails after two seconds. */
export async function until<T>(condition: () => T | null | undefined | false): Promise<T> {
  const limit = performance.now() + 2_000
  for (;;) {
    const value = condition()
    if (value) return value
    if (performance.now() > limit) throw new Error(`never came: ${String(condition)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** All text below an element, through its components' shadow roots. */
export function textOf(root: Element | ShadowRoot): string {
  return all(root, '*')
    .flatMap((element) => [...element.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
}

/** Every element below `root` that matches, through shadow roots. */
export function all(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const here = [...root.querySelectorAll<HTMLElement>(selector)]
  const hosts = [...root.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])
  const own = root instanceof Element && root.shadowRoot ? all(root.shadowRoot, selector) : []
  return [...own, ...here, ...hosts.flatMap((host) => all(host, selector))]
}

export function one(root: Element, selector: string): HTMLElement | null {
  return all(root, selector)[0] ?? null
}
