// The Decision Queue: proposals that wait for a person, one decision at a time, with the keyboard or the mouse.
import { LightningElement, api } from 'lwc'
import { focusRun } from 'c/missionFocus'
import { loadErrorText, request } from 'c/missionSession'
import { erasedText, formatCount, formatLabel, outcomeOf, sharedLabels } from 'c/missionWords'
import { coalesced, subscribe } from 'c/streamHub'
import type { Interest, StreamStatus, Subscription } from 'c/streamHub'
import type { DecisionSummary, ObservationView, RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import { commandOf, help, passOn, places, type Command, type Pane } from './keys'
import { optionsOf, type Option } from './options'
import { addedTo, byUrgency, interestOf, loadQueue, mergeLoaded, openAfter, withNews, withoutRun } from './queue'
import { announcements } from './queueTexts'
import { RecordRefresher } from './refreshRecords'
import { viewOf, type View } from './view'

export default class DecisionQueue extends LightningElement {
  /** Set by a record page: only decisions about this record are listed. */
  @api recordId: string | null = null
  @api objectApiName: string | null = null
  /** SMALL, MEDIUM or LARGE, from the page region. */
  @api flexipageRegionWidth: string | null = null

  items: DecisionSummary[] | null = null
  selectedId: string | null = null
  status: StreamStatus | null = null
  run: RunView | null = null
  checking = false
  errorText: string | null = null
  announcement = ''
  erased: string | null = null
  showHelp = false
  showPast = false
  keysOn = true
  newCount = 0
  /** On a record page a decision is named in a line of its own until the person opens it. */
  opened = false
  /** Whether the list is on the screen; it appears on request, never while a decision is being read. */
  listed = false
  readonly keys = help
  readonly labels = labels
  readonly shared = sharedLabels

  private answered: string[] = []
  private readonly refresher = new RecordRefresher()
  private stream: Subscription | null = null
  private focusAfter: keyof typeof places | null = null

  connectedCallback(): void {
    this.stream = subscribe(this.interest, {
      onEvent: (name, data) => this.handleEvent(name, data),
      onReset: () => void this.load(),
      onStatus: (status) => (this.status = status),
    })
    void this.load()
  }

  disconnectedCallback(): void {
    this.stream?.close()
    this.stream = null
  }

  private get interest(): Interest {
    return interestOf(this.recordId, this.selected)
  }

  private readonly load = coalesced(async () => {
    try {
      this.show(await loadQueue(this.recordId))
      this.errorText = null
    } catch (error) {
      this.errorText = loadErrorText('decisions', error)
    }
  })

  private show(loaded: DecisionSummary[]): void {
    const before = this.items ?? []
    const items = mergeLoaded(before, loaded, (id) => this.stays(id))
    const added = this.items ? addedTo(before, items) : 0
    this.items = items
    if (added > 0) this.announcement = formatCount(added, labels.newOne, labels.newMany)
    if (before.length === 0) this.listed = items.length > 1
    else if (!this.view.isFolded) this.newCount += added
    if (!this.selected) this.select(items[0]?.id ?? null)
  }

  /** A decision that was answered here or is open stays in the list. */
  private stays(id: string): boolean {
    return id === this.selectedId || this.answered.includes(id)
  }

  private handleEvent(name: string, data: unknown): void {
    if (name === 'decision') this.handleDecision(data as DecisionSummary)
    else if (name === 'run') this.handleRun(data as RunView)
    else if (name === 'observation') this.handleObservation(data as ObservationView)
  }

  private handleDecision(news: DecisionSummary): void {
    if (!this.items?.some(({ id }) => id === news.id)) {
      if (news.verdict === null) void this.load()
      return
    }
    this.items = withNews(this.items, news, (id) => this.stays(id))
    void this.refresher.refresh(news)
    if (news.id !== this.selectedId) return
    this.stream?.want(this.interest)
    if (news.verdict) void this.loadRun(news)
  }

  private handleRun(run: RunView): void {
    const { selected } = this
    if (run.erased) this.removeRun(run.id, erasedText(run.erased))
    if (run.erased || !selected || run.id !== selected.runId) return
    this.run = run
    if (!run.verdict || selected.verdict) return
    const over = { ...selected, verdict: run.verdict, runStatus: run.status }
    this.items = (this.items ?? []).map((item) => (item.id === over.id ? over : item))
    this.announceOutcome(over)
  }

  /** Erased contents leave the screen at once, also while they are open. */
  private removeRun(runId: string, text: string): void {
    const items = withoutRun(this.items ?? [], runId)
    if (items.length === this.items?.length) return
    this.items = items
    this.erased = text
    if (!this.selected) this.select(items[0]?.id ?? null)
  }

  private handleObservation(news: ObservationView): void {
    if (news.runId !== this.selected?.runId) return
    if (news.kind === 'wrote' || news.kind === 'failed') this.checking = news.kind === 'wrote'
  }

  private async loadRun(decision: DecisionSummary): Promise<void> {
    try {
      const run = await request<RunView>(`/api/v1/runs/${encodeURIComponent(decision.runId)}`)
      if (this.selectedId !== decision.id) return
      this.run = run
      if (decision.verdict) this.announceOutcome(decision)
    } catch {
      // The decision itself names its outcome; the run only adds detail.
    }
  }

  private announceOutcome(decision: DecisionSummary): void {
    const { sentence, changed } = outcomeOf(decision, this.run, Date.now(), false)
    this.announcement = `${sentence} ${changed}`
    void this.refresher.refresh(decision)
  }

  // What is shown

  get selected(): DecisionSummary | null {
    return this.items?.find(({ id }) => id === this.selectedId) ?? null
  }

  get view(): View {
    return viewOf(this)
  }

  get options(): Option[] {
    return optionsOf(this.items ?? [], this.selectedId, Date.now())
  }

  get hasNext(): boolean {
    return openAfter(this.items ?? [], this.selectedId) !== undefined
  }

  // What a person does

  handleChoose(event: Event): void {
    this.select((event.currentTarget as HTMLElement).dataset.id ?? null)
  }

  handleRefresh(): void {
    this.newCount = 0
    this.items = this.items && [...this.items].sort(byUrgency)
    this.listed = (this.items?.length ?? 0) > 1
    void this.load()
  }

  handleReview(): void {
    this.opened = true
    this.newCount = 0
    this.listed = (this.items?.length ?? 0) > 1
    this.focusAfter = 'heading'
  }

  handleClose(): void {
    this.opened = false
    this.focusAfter = 'note'
  }

  handleRetryStream(): void {
    this.stream?.retryNow()
  }

  handleToggleHelp(): void {
    this.showHelp = !this.showHelp
  }

  handleTogglePast(): void {
    this.showPast = !this.showPast
  }

  handleToggleKeys(event: Event): void {
    this.keysOn = (event.target as HTMLInputElement).checked
  }

  private select(id: string | null): void {
    if (id === this.selectedId) return
    this.selectedId = id
    this.run = null
    this.checking = false
    this.stream?.want(this.interest)
    if (this.selected && !this.recordId) focusRun(this.selected.runId)
    if (this.selected?.status === 'approved') void this.loadRun(this.selected)
  }

  private move(by: 1 | -1): void {
    const items = this.items ?? []
    const at = items.findIndex(({ id }) => id === this.selectedId)
    const next = items[at + by]
    if (next) this.select(next.id)
  }

  handleNext(): void {
    const next = openAfter(this.items ?? [], this.selectedId)
    if (!next) return
    this.select(next.id)
    this.focusAfter = 'heading'
  }

  handleAnswered(event: CustomEvent<{ id: string; answer: string }>): void {
    const { id, answer } = event.detail
    if (!this.answered.includes(id)) this.answered = [...this.answered, id]
    this.announcement = announcements[answer] ?? ''
    if (answer === 'rejected' && this.hasNext) {
      this.handleNext()
      this.announcement += ` ${formatLabel(labels.next, this.selected?.sentence ?? '')}`
    }
  }

  /** The pane loaded the decision again: the list takes over its state. */
  handleLoaded(event: CustomEvent<DecisionSummary>): void {
    const loaded = event.detail
    this.items = (this.items ?? []).map((item) => (item.id === loaded.id ? { ...item, ...loaded } : item))
    this.stream?.want(this.interest)
    if (loaded.status === 'approved' && !this.run) void this.loadRun(loaded)
  }

  handleKey(event: KeyboardEvent): void {
    if (!this.keysOn) return
    const inList = (event.target as HTMLElement).getAttribute('role') === 'listbox'
    const command = commandOf(event, inList)
    if (command && this.execute(command)) event.preventDefault()
  }

  private execute(command: Command): boolean {
    const pane = this.template?.querySelector<Pane>('c-mission-decision')
    switch (command.do) {
      case 'next':
        this.move(1)
        return true
      case 'previous':
        this.move(-1)
        return true
      case 'help':
        this.handleToggleHelp()
        return true
      case 'back':
        if (!pane?.cancelReject()) this.goBack()
        this.settleFocus()
        return true
      default:
        return pane ? passOn(command, pane) : false
    }
  }

  private goBack(): void {
    const inList = this.template?.activeElement?.getAttribute('role') === 'listbox'
    const { hasList, canClose } = this.view
    if (hasList && !inList) this.focusAfter = 'list'
    else if (canClose) this.handleClose()
  }

  renderedCallback(): void {
    this.settleFocus()
  }

  private settleFocus(): void {
    const place = this.focusAfter && this.template?.querySelector<Pane>(places[this.focusAfter])
    if (!place) return
    if (this.focusAfter === 'heading') place.focusHeading()
    else place.focus()
    this.focusAfter = null
  }
}
