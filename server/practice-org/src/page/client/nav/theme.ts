export type Theme = 'light' | 'dark'

const KEY = 'practice.theme'

/** The theme this browser chose; light until it chooses, as an org without dark mode shows it. */
export function theme(): Theme {
  return localStorage.getItem(KEY) === 'dark' ? 'dark' : 'light'
}

/** Puts the chosen theme on the body, where SLDS 2 looks for it. */
export function showTheme(): void {
  document.body.classList.toggle('slds-color-scheme_dark', theme() === 'dark')
  document.body.classList.toggle('slds-color-scheme_light', theme() === 'light')
}

/** Remembers and shows the other theme. */
export function toggleTheme(): Theme {
  localStorage.setItem(KEY, theme() === 'dark' ? 'light' : 'dark')
  showTheme()
  return theme()
}
