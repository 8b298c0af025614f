import type { Leaf, OpenLeaf } from '../../../../../server/contract/seal.ts'

/** What the leaves of one change set say, by JSON pointer. */
export class LeafIndex {
  private readonly values: ReadonlyMap<string, OpenLeaf['value']>
  private readonly paths: ReadonlySet<string>
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

  /** Whether the change set has this leaf, open or closed. */
  has(path: string): boolean {
    return this.paths.has(path)
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
}
