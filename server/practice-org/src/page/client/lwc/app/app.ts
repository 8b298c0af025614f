import { LightningElement } from 'lwc'
import { page as content } from 'practice:page'
import { currentPage, navigateTo, onPage } from '../../nav/location.ts'
import { objectPage, recordPage, type PageReference } from '../../nav/page-reference.ts'
import { LAYOUTS } from '../../org/objects.ts'

interface View {
  key: string
  home?: boolean
  list?: boolean
  record?: boolean
  app?: string
  search?: string
  missing?: boolean
  object?: string
  recordId?: string
}

/** The whole page: header, tabs, the view the address asks for, and the form above it. */
export default class App extends LightningElement {
  page: PageReference = currentPage()
  #leave: () => void = () => undefined

  connectedCallback(): void {
    this.#leave = onPage((page) => this.show(page))
    this.entitle()
  }

  disconnectedCallback(): void {
    this.#leave()
  }

  renderedCallback(): void {
    const behind = this.template?.querySelector<HTMLElement>('.behind')
    const covered = this.form !== undefined
    if (!behind || behind.inert === covered) return
    // A dialog owns the keyboard; when it has gone, the content behind it takes the focus back.
    behind.inert = covered
    if (!covered) this.focusMain()
  }

  /** One view; its key changes with what it shows, so that each gets a fresh component. */
  get views(): View[] {
    return [viewOf(this.page)]
  }

  get form(): { object: string; recordId?: string } | undefined {
    const { objectApiName: object, recordId, actionName } = this.page.attributes
    if (!object || !LAYOUTS[object] || (actionName !== 'new' && actionName !== 'edit')) return undefined
    return { object, recordId }
  }

  show(page: PageReference): void {
    const moved = viewOf(page).key !== viewOf(this.page).key
    this.page = page
    this.entitle()
    if (!moved) return
    window.scrollTo(0, 0)
    // Keyboard and screen reader users go on from the new content, not from the link that has gone.
    this.focusMain()
  }

  focusMain(): void {
    this.template?.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  }

  closeForm(): void {
    const { objectApiName = '', recordId } = this.page.attributes
    navigateTo(recordId ? recordPage(objectApiName, recordId) : objectPage(objectApiName), true)
  }

  entitle(): void {
    const view = viewOf(this.page)
    const title = view.home ? 'Home' : (view.app ?? view.object ?? 'Page not found')
    document.title = `${view.search ? 'Search' : title} | Salesforce`
  }
}

function viewOf(page: PageReference): View {
  const { objectApiName: object, recordId, apiName, pageName } = page.attributes
  if (page.type === 'standard__namedPage' && pageName === 'home') return { key: 'home', home: true }
  if (page.type === 'standard__namedPage' && pageName === 'search')
    return { key: `search ${page.state.term}`, search: page.state.term ?? '' }
  if (page.type === 'standard__navItemPage' && apiName !== undefined && apiName === content.app?.name)
    return { key: 'app', app: apiName }
  if (page.type === 'standard__recordPage' && recordId)
    return { key: `record ${recordId}`, record: true, object: object ?? objectOf(recordId), recordId }
  if (page.type === 'standard__objectPage' && object && LAYOUTS[object])
    return { key: `list ${object}`, list: true, object }
  return { key: 'missing', missing: true }
}

/** Record ids begin with the prefix of their object. */
function objectOf(recordId: string): string | undefined {
  const prefixes: Record<string, string> = {
    '00Q': 'Lead',
    '001': 'Account',
    '003': 'Contact',
    '006': 'Opportunity',
    '500': 'Case',
  }
  return prefixes[recordId.slice(0, 3)]
}
