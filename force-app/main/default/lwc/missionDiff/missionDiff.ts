// The exact change set as rows of before and after; gated rows have to be seen before an approval.
import { LightningElement, api } from 'lwc'
import { shortId } from 'c/changeSetRows'
import type { Creation, Row, RowGroup, Shown } from 'c/changeSetRows'
import { formatLabel } from 'c/missionWords'
import { labels } from './labels'
import { VisibleRows } from './visible'

const ROWS_BEFORE_FOLD = 7
const ID = /^[a-zA-Z0-9]{18}$/

interface ShownValue extends Shown {
  /** What is stored where the text is another form of it; an id is cut in the middle, the whole is in the tooltip. */
  shortId: string | null
}

const withShortId = (shown: Shown): ShownValue => ({
  ...shown,
  shortId: shown.stored && (ID.test(shown.stored) ? shortId(shown.stored) : shown.stored),
})

interface ShownGroup extends Omit<RowGroup, 'rows'> {
  heading: string
  rows: (Omit<Row, 'before' | 'after'> & { before: ShownValue; after: ShownValue } & {
    isTicked: boolean
    isSeen: boolean
    rowClass: string
    afterClass: string
  })[]
}

export default class MissionDiff extends LightningElement {
  @api get groups(): readonly RowGroup[] {
    return this.current
  }
  set groups(groups: readonly RowGroup[]) {
    this.current = groups
    // Another version has to be seen again, also where its rows take the place of the old ones.
    this.visible.stop()
  }
  /** Records that are to be made; all their values are always shown. */
  @api creations: readonly Creation[] = []
  /** Keys of the gated rows already seen. */
  @api seen: readonly string[] = []
  /** There is an answer to give; else nothing needs to be ticked. */
  @api answerable = false
  /** High risk: looking is not enough, each gated row is ticked. */
  @api mustTick = false

  readonly labels = labels

  private readonly visible = new VisibleRows((key) => this.reportSeen(key))

  private current: readonly RowGroup[] = []
  private unfolded = false

  get hasRows(): boolean {
    return this.groups.length > 0
  }

  get hasCreations(): boolean {
    return this.creations.length > 0
  }

  /** How many rows the fold keeps back; gated rows are never folded. */
  get folded(): number {
    const rows = this.groups.reduce((sum, { rows: some }) => sum + some.length, 0)
    const shown = this.shown.reduce((sum, { rows: some }) => sum + some.length, 0)
    return rows - shown
  }

  get foldText(): string {
    return formatLabel(labels.showMore, this.folded)
  }

  /** Folding only shortens the view: the approval covers the whole change set. */
  handleUnfold(): void {
    this.unfolded = true
  }

  get shown(): ShownGroup[] {
    let room = this.unfolded ? Number.POSITIVE_INFINITY : ROWS_BEFORE_FOLD
    return this.groups.map((group) => {
      const isGated = group.group === 'gated'
      const seen = group.rows.filter(({ key }) => this.seen.includes(key)).length
      const isTicked = isGated && this.answerable
      const count = isTicked ? formatLabel(labels.seenOf, seen, group.rows.length) : String(group.rows.length)
      const kept = isGated ? group.rows : group.rows.slice(0, Math.max(room, 0))
      room -= kept.length
      const rows = kept.map((row) => ({
        ...row,
        before: withShortId(row.before),
        after: withShortId(row.after),
        isTicked,
        isSeen: this.seen.includes(row.key),
        rowClass: isGated ? 'row gated' : 'row',
        afterClass: `cell after ${row.change}`,
      }))
      return { ...group, heading: `${group.title} · ${count}`, rows }
    })
  }

  /** Moves focus to the next (1) or previous (-1) gated row and counts it as seen. */
  @api stepGated(direction: 1 | -1): void {
    const rows = [...(this.template?.querySelectorAll<HTMLElement>('.gated') ?? [])]
    if (rows.length === 0) return
    const active = this.template?.activeElement?.closest<HTMLElement>('.gated')
    const at = active ? rows.indexOf(active) : direction === 1 ? -1 : 0
    const row = rows[(at + direction + rows.length) % rows.length]
    row?.focus()
    if (row?.dataset.key) this.reportSeen(row.dataset.key)
  }

  handleTick(event: Event): void {
    const box = event.target as HTMLInputElement
    if (!box.checked) box.checked = true
    if (box.dataset.key) this.reportSeen(box.dataset.key)
  }

  renderedCallback(): void {
    if (this.mustTick) this.visible.stop()
    else this.visible.watch(this.template?.querySelectorAll<HTMLElement>('.gated') ?? [])
  }

  disconnectedCallback(): void {
    this.visible.stop()
  }

  private reportSeen(key: string): void {
    if (this.seen.includes(key)) return
    this.dispatchEvent(new CustomEvent('seen', { detail: { key } }))
  }
}
