import type { Leaf, OpenLeaf } from '../../../../../server/contract/seal.ts'

/** What the leaves of one change set say, by JSON pointer, and which of them the page shows. */
export class LeafIndex {
  private readonly values: ReadonlyMap<string, OpenLeaf['value']>
  private readonly paths: ReadonlySet<string>
  private readonly shown = new Set<string>()
  readonly openPaths: readonly string[]
  /** Paths that come more than once: one of them would be shown and another one written. */
  readonly doubled: readonly string[]

  constructor(leaves: readonly Leaf[]) {
    const values = new Map<string, OpenLeaf['value']>()
    const seen = new Set<string>()
    const doubled: string[] = []
    for (const leaf of leaves) {
      if (seen.has(leaf.path)) doubled.push(leaf.path)
      seen.add(leaf.path)
      if (!('commitment' in leaf)) values.set(leaf.path, leaf.value)
    }
    this.values = values
    this.paths = seen
    this.openPaths = [...values.keys()]
    this.doubled = doubled
  }

  /** Every path, of open and closed leaves. */
  get allPaths(): readonly string[] {
    return [...this.paths]
  }

  /** Whether the change set has this leaf, open or closed. */
  has(path: string): boolean {
    return this.paths.has(path)
  }

  /** Whether the change set has this leaf and withholds its value. */
  isClosed(path: string): boolean {
    return this.paths.has(path) && !this.values.has(path)
  }

  /** Undefined when the leaf is closed to the reader or not there. */
  at(path: string): OpenLeaf['value'] | undefined {
    return this.values.get(path)
  }

  /** The leaf as text, or empty when it is not open or not text. */
  textAt(path: string): string {
    const value = this.values.get(path)
    return typeof value === 'string' ? value : ''
  }

  /** The same as `at`, for a value that a visible part of the page is made of. */
  show(path: string): OpenLeaf['value'] | undefined {
    this.shown.add(path)
    return this.values.get(path)
  }

  /** The same as `textAt`, for a text that a visible part of the page is made of. Any other value is not shown by it. */
  showText(path: string): string {
    const value = this.values.get(path)
    if (typeof value !== 'string') return ''
    this.shown.add(path)
    return value
  }

  /** Counts the leaf as shown when it holds exactly this value; whether it does. */
  showIf(path: string, value: OpenLeaf['value']): boolean {
    const holds = this.has(path) && JSON.stringify(this.values.get(path)) === JSON.stringify(value)
    if (holds) this.shown.add(path)
    return holds
  }

  /** Open leaves of the operations and of what must hold that no visible part of the page is made of. */
  get unshown(): string[] {
    return this.openPaths.filter((path) => /^\/(operations|assertions)(\/|$)/.test(path) && !this.shown.has(path))
  }
}
