import { LightningElement, api } from 'lwc'
import { navigateTo } from '../../nav/location.ts'
import { objectPage } from '../../nav/page-reference.ts'
import { describe, selection, visible, type FieldInfo, type ObjectInfo } from '../../org/describe.ts'
import { LAYOUTS, type ObjectLayout } from '../../org/objects.ts'
import { literal, query, type OrgRecord } from '../../org/rest.ts'
import { RECORDS_CHANGED } from '../../platform/record-api.ts'

const PAGE_SIZE = 50

/** The list view "All <objects>": newest question wins, fifty rows at a time. */
export default class ListView extends LightningElement {
  @api objectApiName = ''
  info: ObjectInfo | undefined
  fields: FieldInfo[] = []
  records: OrgRecord[] = []
  total = 0
  limit = PAGE_SIZE
  term = ''
  loading = true
  trouble = ''
  #question = 0
  readonly #reload = (): void => void this.load()

  connectedCallback(): void {
    window.addEventListener(RECORDS_CHANGED, this.#reload)
    void this.load()
  }

  disconnectedCallback(): void {
    window.removeEventListener(RECORDS_CHANGED, this.#reload)
  }

  get layout(): ObjectLayout | undefined {
    return LAYOUTS[this.objectApiName]
  }
  get icon(): string {
    return this.layout?.icon ?? 'standard:default'
  }
  get plural(): string {
    return this.info?.labelPlural ?? this.objectApiName
  }
  get heading(): string {
    return `All ${this.plural}`
  }
  get createable(): boolean {
    return this.info?.createable ?? false
  }
  get empty(): boolean {
    return !this.loading && !this.trouble && this.records.length === 0
  }
  get more(): boolean {
    return this.records.length < this.total
  }
  get busy(): 'true' | 'false' {
    return this.loading ? 'true' : 'false'
  }

  get status(): string {
    if (this.loading && this.records.length === 0) return 'Loading…'
    const count = this.records.length
    const shown = this.more ? `${count} of ${this.total} items` : count === 1 ? '1 item' : `${count} items`
    const [field] = (this.layout?.list.orderBy ?? '').split(' ')
    const label = this.info?.fields.find((candidate) => candidate.name === field)?.label
    return label ? `${shown} • Sorted by ${label}` : shown
  }

  async load(): Promise<void> {
    const question = ++this.#question
    this.loading = true
    try {
      const answer = await this.ask()
      if (question !== this.#question) return
      this.records = answer.records
      this.total = answer.total
      this.trouble = ''
    } catch (error) {
      if (question === this.#question) this.trouble = error instanceof Error ? error.message : String(error)
    } finally {
      if (question === this.#question) this.loading = false
    }
  }

  async ask(): Promise<{ records: OrgRecord[]; total: number }> {
    const { layout, objectApiName: object } = this
    if (!layout) return { records: [], total: 0 }
    this.info = await describe(object)
    this.fields = visible(this.info, layout.list.columns)
    const where = this.term ? ` WHERE ${layout.nameField} LIKE ${literal(this.term, true)}` : ''
    const rows = `SELECT ${selection(this.fields)} FROM ${object}${where} ORDER BY ${layout.list.orderBy} LIMIT ${this.limit}`
    const [page, count] = await Promise.all([query(rows), query(`SELECT COUNT() FROM ${object}${where}`)])
    return { records: page.records, total: count.totalSize }
  }

  filter(event: CustomEvent<{ value: string }>): void {
    this.term = event.detail.value.trim()
    this.limit = PAGE_SIZE
    void this.load()
  }

  showMore(): void {
    this.limit += PAGE_SIZE
    void this.load()
  }

  create(): void {
    navigateTo(objectPage(this.objectApiName, 'new'))
  }
}
