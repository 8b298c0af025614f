// A page of a list, filtered before it is cut: neither its length nor `next` depends on how many rows are hidden.

/** Rows of one read after the first; the first is as long as the page. */
const ROWS_PER_READ = 200
/** After this many rows that the caller may see but did not ask for, the page ends and `next` goes on. */
const MOST_OTHERS = 1_000
/** After this many rows hidden from the caller, the list ends. */
const MOST_HIDDEN = 2_000

/** A row that the caller may see; `item` is null when the query does not ask for it. */
export interface VisibleRow<Item> {
  id: string
  item: Item | null
}

interface Page<Item> {
  items: Item[]
  next: string | null
}

interface PageReads<Row, Item> {
  /** Rows after `before` in the list's order. */
  read(page: { before: string | undefined; limit: number }): Promise<Row[]>
  /** The rows among these that the caller may see, in the same order. */
  visible(rows: readonly Row[]): Promise<VisibleRow<Item>[]>
}

/** Reads on until the page is full and one more visible row is known to follow, or the list ends. */
export async function visiblePage<Row extends { id: string }, Item>(
  { before, limit }: { before?: string | undefined; limit: number },
  { read, visible }: PageReads<Row, Item>,
): Promise<Page<Item>> {
  const items: Item[] = []
  let last: string | null = null
  let [others, hidden] = [0, 0]
  let from = before
  let size = limit + 1
  for (;;) {
    const rows = await read({ before: from, limit: size })
    const seen = await visible(rows)
    for (const { id, item } of seen) {
      if (item === null) others += 1
      else if (items.length === limit) return { items, next: last }
      else items.push(item)
      last = id
    }
    hidden += rows.length - seen.length
    if (rows.length < size || hidden >= MOST_HIDDEN) return { items, next: null }
    if (others >= MOST_OTHERS) return { items, next: last }
    from = rows.at(-1)?.id
    size = ROWS_PER_READ
  }
}

/** The page of a list whose every row the caller may see, from one row more than the page holds. */
export function pageOf<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? positionOf(last) : null }
}
