import { addressOf, parseAddress, type PageReference } from './page-reference.ts'

type Listener = (reference: PageReference) => void
const listeners = new Set<Listener>()

/** The page shown now. */
export function currentPage(): PageReference {
  return parseAddress(window.location.pathname + window.location.search)
}

/** Goes to a page without loading the document again; web pages open in a new tab. */
export function navigateTo(reference: PageReference, replace = false): void {
  const address = addressOf(reference)
  if (reference.type === 'standard__webPage' && !address.startsWith('/lightning')) {
    window.open(address, '_blank', 'noopener')
    return
  }
  if (replace) window.history.replaceState({}, '', address)
  else window.history.pushState({}, '', address)
  tell()
}

/** Calls back with every page shown from now on; returns the unsubscriber. */
export function onPage(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Makes plain links of the page navigate in place, and the browser's back and forward buttons work. */
export function followLinks(): void {
  window.addEventListener('popstate', tell)
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return
    if (link.target || link.origin !== window.location.origin || !link.pathname.startsWith('/lightning')) return
    if (link.hash) return
    event.preventDefault()
    navigateTo(parseAddress(link.pathname + link.search))
  })
}

function tell(): void {
  const reference = currentPage()
  for (const listener of listeners) listener(reference)
}
