// Past decisions: every answered decision the reader may see, newest first, by month, person and outcome.
import { LightningElement } from 'lwc'
import { focusRun } from 'c/missionFocus'
import { loadErrorText, request } from 'c/missionSession'
import { formatLabel, sharedLabels } from 'c/missionWords'
import type { DecisionSummary, ListOf, RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import { anything, choicesOf, linesOf, matching, reaches } from './past'
import type { Choices, Line, Wanted } from './past'

interface Pane extends HTMLElement {
  focusHeading(): void
}

/** A month that is looked for is read back to its first day, but never more pages than this without being asked. */
const PAGES_AT_ONCE = 10

export default class DecisionHistory extends LightningElement {
  readonly labels = labels
  readonly shared = sharedLabels

  items: DecisionSummary[] | null = null
  next: string | null = null
  wanted: Wanted = anything
  errorText: string | null = null
  busy = false
  selectedId: string | null = null
  run: RunView | null = null

  private focusPane = false

  connectedCallback(): void {
    void this.read()
  }

  /** Reads the next page and, for a month, those before it as far as they can matter. */
  private async read(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.errorText = null
    try {
      for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
        await this.readPage()
        if (!this.next || reaches(this.items ?? [], this.wanted)) break
      }
    } catch (error) {
      this.errorText = loadErrorText('pastDecisions', error)
    } finally {
      this.busy = false
    }
  }

  private async readPage(): Promise<void> {
    const query = new URLSearchParams({ limit: '100', ...(this.next ? { before: this.next } : {}) })
    const { items, next } = await request<ListOf<DecisionSummary>>(`/api/v1/decisions?${query}`)
    this.items = [...(this.items ?? []), ...items]
    this.next = next
  }

  get choices(): Choices {
    return choicesOf(this.items ?? [], this.wanted, Date.now())
  }

  private get found(): DecisionSummary[] {
    return matching(this.items ?? [], this.wanted)
  }

  get lines(): Line[] {
    return linesOf(this.found, this.selectedId)
  }

  get isLoading(): boolean {
    return this.items === null && this.errorText === null
  }

  /** How many match; announced by screen readers too, because the list below changes without the focus. */
  get summary(): string {
    if (!this.items) return ''
    const { length } = this.found
    if (length > 0) return formatLabel(this.next ? labels.decidedSoFar : labels.decided, length)
    return this.wanted === anything ? labels.noneYet : labels.noMatch
  }

  get selected(): DecisionSummary | null {
    return this.items?.find(({ id }) => id === this.selectedId) ?? null
  }

  get hasMore(): boolean {
    return this.next !== null && !this.busy
  }

  handleFilter(event: Event): void {
    const { name, value } = event.target as HTMLSelectElement
    this.wanted = { ...this.wanted, [name]: value }
    if (this.next && !reaches(this.items ?? [], this.wanted)) void this.read()
  }

  handleMore(): void {
    void this.read()
  }

  handleChoose(event: Event): void {
    const id = (event.currentTarget as HTMLElement).dataset.id ?? null
    this.selectedId = id
    this.run = null
    this.focusPane = true
    void this.loadRun()
  }

  private async loadRun(): Promise<void> {
    const { selected } = this
    if (!selected) return
    focusRun(selected.runId)
    try {
      const run = await request<RunView>(`/api/v1/runs/${encodeURIComponent(selected.runId)}`)
      if (this.selectedId === selected.id) this.run = run
    } catch {
      // The decision itself names its outcome; the run only adds what differed.
    }
  }

  renderedCallback(): void {
    if (!this.focusPane) return
    const pane = this.template?.querySelector<Pane>('c-mission-decision')
    if (!pane) return
    this.focusPane = false
    pane.focusHeading()
  }
}
