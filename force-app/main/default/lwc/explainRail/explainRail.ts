// The Explain rail: the recorded observations of a mission, as they happen.
import { LightningElement, api } from 'lwc'
import { onFocus } from 'c/missionFocus'
import { loadErrorText } from 'c/missionSession'
import { dayAndTime, formatLabel, runWords, sharedLabels, verdictWords } from 'c/missionWords'
import { coalesced, subscribe } from 'c/streamHub'
import type { Interest, StreamStatus, Subscription } from 'c/streamHub'
import type { ObservationView, RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'
import { grouped, merge, named, summary } from './log'
import type { PhaseGroup } from './log'
import { loadObservations, loadRun, loadRuns, newestFirst } from './runs'

/** More rows than this make a page slow; earlier ones are one click away. */
const WINDOW = 120
const ANNOUNCE_MS = 5_000

interface RationaleCard extends HTMLElement {
  load(): Promise<void>
  offer(): void
}

export default class ExplainRail extends LightningElement {
  /** Set by a record page: only runs about this record are shown. */
  @api recordId: string | null = null
  @api objectApiName: string | null = null
  @api flexipageRegionWidth: string | null = null

  runs: RunView[] | null = null
  runId: string | null = null
  observations: ObservationView[] = []
  buffered: ObservationView[] = []
  status: StreamStatus | null = null
  paused = false
  unseen = 0
  showAll = false
  errorText: string | null = null
  announcement = ''
  readonly labels = labels
  readonly shared = sharedLabels

  private picked = false
  /** States of runs that are not listed, by id, as their last event gave them. */
  private readonly others = new Map<string, string>()
  private stream: Subscription | null = null
  private endFocus: (() => void) | null = null
  private atEnd = true
  private unannounced: ObservationView[] = []
  private speaking: ReturnType<typeof setTimeout> | null = null

  connectedCallback(): void {
    this.stream = subscribe(this.interest, {
      onEvent: (name, data) => this.handleEvent(name, data),
      onReset: () => void this.load(),
      onStatus: (status) => (this.status = status),
    })
    void this.load()
    if (!this.recordId) this.endFocus = onFocus((runId) => this.handleFocus(runId))
  }

  disconnectedCallback(): void {
    this.endFocus?.()
    this.stream?.close()
    this.stream = null
    if (this.speaking) clearTimeout(this.speaking)
    this.speaking = null
  }

  // Loading and news

  /** Without a record any new run is news. */
  private get interest(): Interest {
    return this.recordId ? { record: this.recordId, run: this.runId } : { everything: true }
  }

  private readonly load = coalesced(async () => {
    try {
      this.runs = await loadRuns(this.recordId)
      this.errorText = null
      await this.follow()
    } catch (error) {
      this.errorText = loadErrorText('runs', error)
    }
  })

  /** Follows the newest run unless a person picked one, and fetches what is missing of it. */
  private async follow(): Promise<void> {
    const newest = this.runs?.[0]?.id ?? null
    const id = this.picked ? this.runId : newest
    if (id !== this.runId) this.selectRun(id)
    if (!id) return
    if (!this.run) return this.refreshRun(id)
    const after = this.observations.at(-1)?.cursor ?? null
    const missed = await loadObservations(id, after)
    if (id === this.runId) this.take(missed)
  }

  private selectRun(id: string | null): void {
    this.runId = id
    this.observations = []
    this.buffered = []
    this.unseen = 0
    this.showAll = false
    this.atEnd = true
    this.stream?.want(this.interest)
  }

  private handleEvent(name: string, data: unknown): void {
    if (name === 'observation') {
      const news = data as ObservationView
      if (news.runId === this.runId) this.take([news])
      else if (!this.runs?.some(({ id }) => id === news.runId)) this.handleOtherRun(news.runId)
    }
    if (name === 'run') this.handleRun(data as RunView)
  }

  /** A run that is not listed may be new, or its proposal may touch the record: loads again once per state of it. */
  private handleOtherRun(runId: string, state = this.others.get(runId) ?? ''): void {
    if (this.others.get(runId) === state) return
    this.others.set(runId, state)
    void this.load()
  }

  private handleRun(news: RunView): void {
    const known = this.runs?.find(({ id }) => id === news.id)
    if (!known) return this.handleOtherRun(news.id, `${news.status} ${news.decisionId}`)
    this.runs = (this.runs ?? []).map((run) => (run.id === news.id ? news : run))
    // Erased contents leave the screen at once.
    if (news.erased && news.id === this.runId) this.observations = this.buffered = this.unannounced = []
    const rationale = this.template?.querySelector<RationaleCard>('c-mission-rationale')
    if (news.erased) void rationale?.load()
    else if (news.verdict && !known.verdict) rationale?.offer()
  }

  private take(news: readonly ObservationView[]): void {
    if (this.paused) {
      this.buffered = merge(this.buffered, news)
      return
    }
    const before = this.observations.length
    this.observations = merge(this.observations, news)
    const added = this.observations.length - before
    if (!this.atEnd) this.unseen += added
    if (added > 0 && before > 0) this.announce(news)
  }

  /** At most one sentence in five seconds, however fast the rail runs. */
  private announce(news: readonly ObservationView[]): void {
    this.unannounced.push(...news)
    this.speaking ??= setTimeout(() => {
      this.speaking = null
      this.announcement = summary(this.unannounced)
      this.unannounced = []
    }, ANNOUNCE_MS)
  }

  // What is shown

  get run(): RunView | null {
    return this.runs?.find(({ id }) => id === this.runId) ?? null
  }

  get isLoading(): boolean {
    return this.runs === null && this.errorText === null
  }

  get isEmpty(): boolean {
    return this.runs?.length === 0
  }

  get emptyText(): string {
    return this.recordId ? labels.emptyRecord : labels.emptyAll
  }

  get isWaitingForSteps(): boolean {
    return this.run !== null && !this.run.erased && this.observations.length === 0 && !this.paused
  }

  get groups(): PhaseGroup[] {
    const all = named(this.observations, this.recordId)
    return grouped(this.showAll ? all : all.slice(-WINDOW))
  }

  get earlierText(): string {
    return formatLabel(labels.showEarlier, this.earlier)
  }

  get steps(): number {
    return this.observations.length
  }

  get earlier(): number {
    return this.showAll ? 0 : Math.max(0, this.observations.length - WINDOW)
  }

  get pauseText(): string {
    if (!this.paused) return labels.pause
    return this.buffered.length > 0 ? formatLabel(labels.resumeNew, this.buffered.length) : labels.resume
  }

  get pausedWord(): string {
    return this.paused ? 'true' : 'false'
  }

  get pillText(): string {
    return formatLabel(labels.jump, this.unseen)
  }

  get choices(): { id: string; text: string; isChosen: boolean }[] {
    return (this.runs ?? []).map(({ id, title, startedAt, status, verdict }) => ({
      id,
      text: [title, dayAndTime(startedAt), verdict ? verdictWords[verdict] : runWords[status].word].join(' · '),
      isChosen: id === this.runId,
    }))
  }

  get hasChoice(): boolean {
    return (this.runs?.length ?? 0) > 1
  }

  get differences(): RunView['differences'] {
    return this.run?.verdict ? this.run.differences : []
  }

  get hasDifferences(): boolean {
    return this.differences.length > 0
  }

  // What a person does

  handlePause(): void {
    this.paused = !this.paused
    if (this.paused) return
    const waiting = this.buffered
    this.buffered = []
    this.take(waiting)
  }

  handlePick(event: Event): void {
    const id = (event.target as HTMLSelectElement).value
    this.picked = id !== this.runs?.[0]?.id
    this.selectRun(id)
    void this.refreshRun(id)
  }

  /** Beside a list of decisions the rail shows the run of the selected one. */
  private handleFocus(id: string): void {
    this.picked = true
    if (id === this.runId) return
    this.selectRun(id)
    if (this.runs) void this.refreshRun(id)
  }

  private async refreshRun(id: string): Promise<void> {
    try {
      const run = await loadRun(id)
      this.runs = [...(this.runs ?? []).filter((each) => each.id !== id), run].sort(newestFirst)
      await this.follow()
    } catch {
      this.errorText = labels.runNotLoaded
    }
  }

  handleShowEarlier(): void {
    this.showAll = true
  }

  handleJump(): void {
    this.atEnd = true
    this.unseen = 0
    this.toEnd()
  }

  handleRetry(): void {
    this.errorText = null
    void this.load()
  }

  handleRetryStream(): void {
    this.stream?.retryNow()
  }

  handleScroll(event: Event): void {
    const { scrollTop, scrollHeight, clientHeight } = event.target as HTMLElement
    this.atEnd = scrollHeight - scrollTop - clientHeight < 24
    if (this.atEnd) this.unseen = 0
  }

  renderedCallback(): void {
    if (this.atEnd) this.toEnd()
  }

  private toEnd(): void {
    const rows = this.template?.querySelector('.rows')
    if (rows) rows.scrollTop = rows.scrollHeight
  }
}
