import { LightningElement } from 'lwc'
import { page } from 'practice:page'
import { navigateTo } from '../../nav/location.ts'
import { theme, toggleTheme } from '../../nav/theme.ts'
import { session, switchTo } from '../../org/session.ts'
import { ShowToastEvent } from '../../platform/toast-event.ts'

/** The global header: brand, search, theme, and who is signed in. */
export default class Header extends LightningElement {
  theme = theme()
  name = session().name
  menuText = `Signed in as ${session().name}. Switch user`

  get people(): { key: string; label: string; checked: boolean }[] {
    return page.people.map(({ login, label, hint }) => ({
      key: login,
      label: `${label}: ${hint.toLowerCase()}`,
      checked: session().username.startsWith(`${login}@`),
    }))
  }

  get themeText(): string {
    return this.theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'
  }

  toggleTheme(): void {
    this.theme = toggleTheme()
  }

  search(event: Event): void {
    event.preventDefault()
    const term = this.template?.querySelector<HTMLInputElement>('input')?.value.trim()
    if (term) navigateTo({ type: 'standard__namedPage', attributes: { pageName: 'search' }, state: { term } })
  }

  async switchUser(event: CustomEvent<{ value: string }>): Promise<void> {
    try {
      await switchTo(event.detail.value)
      // User id and permissions are constants of a loaded page, as they are on the platform.
      window.location.reload()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.dispatchEvent(new ShowToastEvent({ title: "Couldn't switch user", message, variant: 'error' }))
    }
  }
}
