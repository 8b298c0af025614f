import { LightningElement, api } from 'lwc'
import { page as content } from 'practice:page'
import { addressOf, objectPage, tabPage, type PageReference } from '../../nav/page-reference.ts'

interface Tab {
  label: string
  icon: string
  href: string
  current: 'page' | null
  className: string
}

const HOME: PageReference = { type: 'standard__namedPage', attributes: { pageName: 'home' }, state: {} }
const TABS: { label: string; icon: string; page: PageReference }[] = [
  { label: 'Home', icon: 'standard:home', page: HOME },
  { label: 'Leads', icon: 'standard:lead', page: objectPage('Lead') },
  { label: 'Accounts', icon: 'standard:account', page: objectPage('Account') },
  { label: 'Contacts', icon: 'standard:contact', page: objectPage('Contact') },
  { label: 'Opportunities', icon: 'standard:opportunity', page: objectPage('Opportunity') },
  { label: 'Cases', icon: 'standard:case', page: objectPage('Case') },
  ...(content.app ? [{ label: content.app.label, icon: 'standard:process', page: tabPage(content.app.name) }] : []),
]

/** The app's tabs, and the launcher that offers the same places where there is no room for tabs. */
export default class TabBar extends LightningElement {
  @api page: PageReference = HOME
  open = false

  get expanded(): 'true' | 'false' {
    return this.open ? 'true' : 'false'
  }

  get tabs(): Tab[] {
    return TABS.map(({ label, icon, page }) => {
      const active = sameTab(page, this.page)
      const className = `slds-context-bar__item${active ? ' slds-is-active' : ''}`
      return { label, icon, href: addressOf(page), current: active ? 'page' : null, className }
    })
  }

  toggle(): void {
    this.open = !this.open
  }

  close(): void {
    this.open = false
  }

  /** Focus that goes nowhere is a click on one of the launcher's own links in browsers that do not focus links. */
  closeWhenLeft(event: FocusEvent): void {
    const { currentTarget, relatedTarget } = event
    if (relatedTarget instanceof Node && !(currentTarget as Node).contains(relatedTarget)) this.close()
  }

  closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.open) return
    this.close()
    this.template?.querySelector('button')?.focus()
  }
}

function sameTab(tab: PageReference, page: PageReference): boolean {
  const { objectApiName, apiName, pageName } = tab.attributes
  if (objectApiName) return objectApiName === page.attributes.objectApiName
  return tab.type === page.type && apiName === page.attributes.apiName && pageName === page.attributes.pageName
}
