// One decision: what would be written, why, what else happens, and the two answers.
import { LightningElement, api } from 'lwc'
import { everyLeaf } from 'c/changeSetRows'
import { request } from 'c/missionSession'
import { reasons } from 'c/missionWords'
import type { DecisionSummary, DecisionView, RunView } from '../../../../../server/contract/http.ts'
import { approve, erasedIn, reject, takeBack, troubleFrom } from './answer'
import type { Trouble } from './answer'
import { approveLabel, headingOf, type Heading } from './heading'
import { afterOf, type After } from './after'
import { hiddenTextOf, peopleOf, unseenText, type People } from './people'
import { proofOf, type Proof } from './proof'

interface Focusable extends HTMLElement {
  stepGated(direction: 1 | -1): void
}

export default class MissionDecision extends LightningElement {
  /** Whether there is a decision after this one in the queue. */
  @api hasNext = false
  /** The decision's run, once it has news. */
  @api run: RunView | null = null
  @api checking = false

  decision: DecisionView | null = null
  proof: Proof | null = null
  seen: string[] = []
  trouble: Trouble | null = null
  loadFailed: string | null = null
  erased: string | null = null
  busy = false
  rejecting = false
  comment = ''
  newer: DecisionSummary | null = null

  private wantedId: string | null = null
  private loads = 0
  private focusAfter: string | null = null

  /** Which decision to show; a new id loads it. */
  @api get decisionId(): string | null {
    return this.wantedId
  }
  set decisionId(id: string | null) {
    if (id === this.wantedId) return
    this.wantedId = id
    this.decision = null
    void this.reload()
  }

  /** News about the decision from the stream: its state is taken over, a new version only offered. */
  @api get summary(): DecisionSummary | null {
    return this.newer
  }
  set summary(news: DecisionSummary | null) {
    this.newer = news
    const { decision } = this
    if (!news || !decision || news.id !== decision.id || news.version !== decision.version) return
    const answered = news.approvals !== decision.approvals || news.status !== decision.status
    const ended = news.verdict !== decision.verdict
    this.decision = { ...decision, ...news }
    // With a verdict the way back may be open, and only the whole decision tells.
    if (answered || ended) void this.reload()
  }

  /** Loads the decision again and forgets what was seen, unless it is the same version. */
  @api async reload(): Promise<void> {
    const id = this.wantedId
    const load = (this.loads += 1)
    this.loadFailed = this.erased = null
    if (!id) return
    try {
      const decision = await request<DecisionView>(`/api/v1/decisions/${encodeURIComponent(id)}`)
      const proof = await proofOf(decision)
      if (load !== this.loads) return
      if (decision.digest !== this.decision?.digest) this.startOver()
      this.decision = decision
      this.proof = proof
      this.dispatchEvent(new CustomEvent('loaded', { detail: decision }))
    } catch (error) {
      if (load !== this.loads) return
      this.erased = erasedIn(error)
      if (this.erased) this.decision = null
      else this.loadFailed = error instanceof Error ? error.message : 'It could not be loaded.'
    }
  }

  private startOver(): void {
    this.seen = []
    this.trouble = null
    this.rejecting = false
    this.comment = ''
  }

  // What is shown

  get heading(): Heading | null {
    return this.decision ? headingOf(this.decision, Date.now()) : null
  }

  get isLoading(): boolean {
    return !this.decision && !this.loadFailed && !this.erased && this.wantedId !== null
  }

  get isOutdated(): boolean {
    const { newer, decision } = this
    return Boolean(newer && decision && newer.id === decision.id && newer.version > decision.version)
  }

  get fault(): string | null {
    return this.proof?.fault ?? null
  }

  get hiddenText(): string | null {
    return hiddenTextOf(this.decision?.hidden ?? 0)
  }

  get isOpen(): boolean {
    return this.decision?.status === 'open' && !this.decision.verdict
  }

  get showsOutcome(): boolean {
    return !this.isOpen || (this.decision?.approvals ?? 0) > 0
  }

  get groups(): Proof['groups'] {
    return this.proof?.groups ?? []
  }

  /** In one word, beside the verbs; the whole sentence is among the effects. */
  get undoText(): string {
    return `Undo: ${this.decision?.undo.class ?? ''}`
  }

  get mustTick(): boolean {
    return this.decision?.risk === 'high'
  }

  get leaves(): { path: string; value: string }[] {
    return this.decision ? everyLeaf(this.decision) : []
  }

  get people(): People | null {
    return this.decision && peopleOf(this.decision)
  }

  get mayAnswer(): boolean {
    return Boolean(this.decision?.you.canApprove || this.decision?.you.canReject)
  }

  get isAnswerable(): boolean {
    return this.isOpen && this.mayAnswer
  }

  get after(): After {
    return afterOf(this.decision, this.run)
  }

  get approveText(): string {
    return this.decision ? approveLabel(this.decision) : 'Approve'
  }

  /** Why approving is not possible now; null when it is. Said beside the button and to screen readers. */
  get blocked(): string | null {
    const { decision } = this
    if (!decision || this.busy) return 'One moment.'
    if (this.fault) return `${this.fault} Nothing was written.`
    if (this.isOutdated) return 'A newer version replaced this one.'
    if (!decision.you.canApprove) return decision.you.why ?? 'You may not approve this.'
    return unseenText(this.unseen)
  }

  /** The same and, for those who cannot answer at all, who can. */
  get blockedText(): string | null {
    return [this.blocked, this.mayAnswer ? null : this.people?.whoCan].filter(Boolean).join(' ')
  }

  get isBlocked(): string {
    return this.blocked ? 'true' : 'false'
  }

  get cannotReject(): string {
    return this.decision?.you.canReject && !this.busy ? 'false' : 'true'
  }

  get reasonButtons(): { code: string; text: string; key: string }[] {
    return reasons.map(({ code, word }, index) => ({ code, text: `${index + 1} ${word}`, key: String(index + 1) }))
  }

  private get unseen(): number {
    const gated = this.groups.find(({ group }) => group === 'gated')?.rows ?? []
    return gated.filter(({ key }) => !this.seen.includes(key)).length
  }

  // What a person does

  markSeen(event: CustomEvent<{ key: string }>): void {
    const { key } = event.detail
    if (!this.seen.includes(key)) this.seen = [...this.seen, key]
  }

  @api stepGated(direction: 1 | -1): void {
    this.template?.querySelector<Focusable>('c-mission-diff')?.stepGated(direction)
  }

  @api async approve(): Promise<void> {
    const { decision, proof } = this
    if (!this.isOpen || !decision || !proof || this.blocked) return
    await this.answer('approved', () => approve(decision, proof.digest))
  }

  @api startReject(): void {
    if (!this.isOpen || !this.decision?.you.canReject || this.busy) return
    this.rejecting = true
    this.focusAfter = '.reasons button'
  }

  @api cancelReject(): boolean {
    if (!this.rejecting) return false
    this.rejecting = false
    this.focusAfter = '[data-id="reject"]'
    return true
  }

  /** `number` as on the key: 1 to 6. Does nothing unless a reason was asked for. */
  @api async chooseReason(number: number): Promise<void> {
    const reason = reasons[number - 1]
    const { decision } = this
    if (!this.rejecting || !reason || !decision) return
    await this.answer('rejected', () => reject(decision, decision.digest, reason.code, this.comment.trim()))
  }

  @api async takeBack(): Promise<void> {
    const { decision } = this
    if (!decision || decision.status !== 'approved' || this.busy) return
    await this.answer('taken back', () => takeBack(decision, decision.digest))
  }

  @api focusHeading(): void {
    this.focusAfter = '.sentence'
    this.settleFocus()
  }

  clickReason(event: Event): void {
    const button = event.currentTarget as HTMLElement
    void this.chooseReason(Number(button.dataset.number))
  }

  typeComment(event: Event): void {
    this.comment = (event.target as HTMLTextAreaElement).value
  }

  /** Letters typed into a text field are text, not answers; Escape still leaves. */
  keepKeys(event: KeyboardEvent): void {
    if (event.key !== 'Escape') event.stopPropagation()
  }

  seeDifferences(): void {
    this.focusAfter = '[data-id="differences"]'
    this.settleFocus()
  }

  next(): void {
    this.dispatchEvent(new CustomEvent('next'))
  }

  private async answer(what: 'approved' | 'rejected' | 'taken back', send: () => Promise<void>): Promise<void> {
    const id = this.decision?.id
    this.busy = true
    this.trouble = null
    try {
      await send()
      await this.reload()
      this.rejecting = false
      this.focusAfter = what === 'taken back' ? '.sentence' : 'c-mission-outcome'
      this.dispatchEvent(new CustomEvent('answered', { detail: { id, what } }))
    } catch (error) {
      this.trouble = troubleFrom(error, what)
      this.focusAfter = '.trouble'
    } finally {
      this.busy = false
      // What was answered may have been drawn already: then no drawing follows that would take the focus along.
      void Promise.resolve().then(() => this.settleFocus())
    }
  }

  renderedCallback(): void {
    this.settleFocus()
  }

  private settleFocus(): void {
    if (!this.focusAfter) return
    const target = this.template?.querySelector<HTMLElement>(this.focusAfter)
    if (!target) return
    this.focusAfter = null
    target.focus()
  }
}
