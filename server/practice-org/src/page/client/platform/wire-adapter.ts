/** What a wired property or function receives. */
export interface Wired {
  data: unknown
  error: unknown
}
type Emit = (value: Wired) => void
type Config = Record<string, unknown>

/** A live wire; `refresh` asks again. */
export interface Wire {
  update(config: Config): void
  connect(): void
  disconnect(): void
}
export type WireAdapterClass = new (emit: Emit) => Wire

const refreshers = new WeakMap<object, () => Promise<void>>()
const live = new Set<{ config: Config; refresh: () => Promise<void> }>()

/**
 * A wire adapter over a function: emits an empty value first, asks when no configured value is undefined, and
 * freezes what it gives out, as the platform's adapters do.
 */
export function wireAdapter(ask: (config: Config) => Promise<unknown>): WireAdapterClass {
  return class implements Wire {
    readonly #emit: Emit
    readonly #entry = { config: {} as Config, refresh: () => this.#load() }
    #latest = 0

    constructor(emit: Emit) {
      this.#emit = emit
      this.#give({ data: undefined, error: undefined })
    }

    update(config: Config): void {
      this.#entry.config = config
      if (!Object.values(config).includes(undefined)) void this.#load()
    }

    connect(): void {
      live.add(this.#entry)
    }

    disconnect(): void {
      live.delete(this.#entry)
    }

    async #load(): Promise<void> {
      const turn = ++this.#latest
      const value = await ask(this.#entry.config).then(
        (data): Wired => ({ data: deepFreeze(data), error: undefined }),
        (error: unknown): Wired => ({ data: undefined, error }),
      )
      // An answer that a newer question has overtaken is dropped.
      if (turn === this.#latest) this.#give(value)
    }

    #give(value: Wired): void {
      refreshers.set(value, this.#entry.refresh)
      this.#emit(value)
    }
  }
}

/** Asks again for one wired value, as `refreshApex` does. */
export async function refreshWired(value: object): Promise<void> {
  await refreshers.get(value)?.()
}

/** Asks again on every connected wire whose configuration satisfies the test. */
export async function refreshWhere(test: (config: Config) => boolean): Promise<void> {
  await Promise.all([...live].filter((entry) => test(entry.config)).map((entry) => entry.refresh()))
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
