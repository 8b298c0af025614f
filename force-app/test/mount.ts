// Puts a component on the page as a parent would.
import { createElement } from 'lwc'

type Component = Parameters<typeof createElement>[1]['is']
/** A mixin's type names only what it adds. */
type Mixed = new () => unknown

/** Creates the element with these members set and adds it to the document. */
export function mounted<Members extends object>(
  tag: string,
  is: Component | Mixed,
  members: Members,
): HTMLElement & Members {
  const element = createElement(tag, { is: is as Component })
  Object.assign(element, members)
  document.body.appendChild(element)
  return element as HTMLElement & Members
}
