// One decision: the change set, its reasons, its effects, and the two answers.
import { LightningElement, api } from 'lwc'
import { messageOf, request } from 'c/missionSession'
import { formatLabel, reasons, sharedLabels } from 'c/missionWords'
import type { DecisionSummary, DecisionView, RunView } from '../../../../../server/contract/http.ts'
import { answerErrorOf, approve, erasedIn, reasonButtons, reject, takeBack } from './answer'
import type { Answer, AnswerError } from './answer'
import { afterOf, type After } from './after'
import { blockedReason } from './blocked'
import { headingOf, type Heading } from './heading'
import { labels } from './labels'
import { peopleOf, type People } from './people'
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

  readonly labels = labels
  readonly shared = sharedLabels
  readonly reasonButtons = reasonButtons

  decision: DecisionView | null = null
  proof: Proof | null = null
  seen: string[] = []
  answerError: AnswerError | null = null
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

  /** The decision as the stream sent it last: its state is taken over, a new version only offered. */
  @api get summary(): DecisionSummary | null {
    return this.newer
  }
  set summary(summary: DecisionSummary | null) {
    this.newer = summary
    const { decision } = this
    if (!summary || summary.id !== decision?.id || summary.version !== decision.version) return
    const answered = summary.approvals !== decision.approvals || summary.status !== decision.status
    const ended = summary.verdict !== decision.verdict
    this.decision = { ...decision, ...summary }
    // With a verdict an undo may be possible, and only the whole decision carries it.
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
      else this.loadFailed = formatLabel(labels.notLoaded, messageOf(error))
    }
  }

  private startOver(): void {
    this.seen = []
    this.answerError = null
    this.rejecting = false
    this.comment = ''
  }

  // What is shown

  get heading(): Heading | null {
    return this.decision && this.proof && headingOf(this.decision, this.proof, Date.now())
  }

  get isLoading(): boolean {
    return !this.decision && !this.loadFailed && !this.erased && this.wantedId !== null
  }

  get isOutdated(): boolean {
    const { newer, decision } = this
    return Boolean(newer && decision && newer.id === decision.id && newer.version > decision.version)
  }

  get invalidReason(): string | null {
    return this.proof?.invalidReason ?? null
  }

  get outdatedText(): string {
    return formatLabel(labels.outdatedText, String(this.newer?.version ?? ''))
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

  get mustTick(): boolean {
    return this.decision?.risk === 'high'
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

  /** Why approving is not possible now; null when it is. Shown beside the button and read by screen readers. */
  get blocked(): string | null {
    const { decision, busy, invalidReason, isOutdated, unseen } = this
    return blockedReason({ decision: busy ? null : decision, invalidReason, isOutdated, unseen })
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

  private get unseen(): number {
    const gated = this.groups.find(({ group }) => group === 'gated')?.rows ?? []
    return gated.filter(({ key }) => !this.seen.includes(key)).length
  }

  // What a person does

  handleSeen(event: CustomEvent<{ key: string }>): void {
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
    await this.answer('taken-back', () => takeBack(decision, decision.digest))
  }

  @api focusHeading(): void {
    this.focusAfter = '.sentence'
    this.settleFocus()
  }

  handleReload(): void {
    void this.reload()
  }

  handleApprove(): void {
    void this.approve()
  }

  handleReject(): void {
    this.startReject()
  }

  handleTakeBack(): void {
    void this.takeBack()
  }

  handleReason(event: Event): void {
    const button = event.currentTarget as HTMLElement
    void this.chooseReason(Number(button.dataset.number))
  }

  handleComment(event: Event): void {
    this.comment = (event.target as HTMLTextAreaElement).value
  }

  /** Letters typed into a text field are text, not answers; Escape still leaves. */
  handleTextKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') event.stopPropagation()
  }

  handleSeeDifferences(): void {
    this.focusAfter = '[data-id="differences"]'
    this.settleFocus()
  }

  handleNext(): void {
    this.dispatchEvent(new CustomEvent('next'))
  }

  private async answer(answer: Answer, send: () => Promise<void>): Promise<void> {
    const id = this.decision?.id
    this.busy = true
    this.answerError = null
    try {
      await send()
      await this.reload()
      this.rejecting = false
      this.focusAfter = answer === 'taken-back' ? '.sentence' : 'c-mission-outcome'
      this.dispatchEvent(new CustomEvent('answered', { detail: { id, answer } }))
    } catch (error) {
      this.answerError = answerErrorOf(error, answer)
      this.focusAfter = '.error'
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
