// `lightning/navigation` over the page's own history.
import type { LightningElement } from 'lwc'
import { currentPage, navigateTo, onPage } from '../nav/location.ts'
import { addressOf, type PageReference } from '../nav/page-reference.ts'

const Navigate = Symbol('Navigate')
const GenerateUrl = Symbol('GenerateUrl')

type ElementClass = new () => LightningElement

function withNavigation(Base: ElementClass): ElementClass {
  return class extends Base {
    [Navigate](reference: PageReference, replace?: boolean): void {
      navigateTo(complete(reference), replace)
    }
    [GenerateUrl](reference: PageReference): Promise<string> {
      return Promise.resolve(addressOf(complete(reference)))
    }
  }
}

function complete(reference: PageReference): PageReference {
  return { ...reference, state: reference.state ?? {} }
}

/** `NavigationMixin(Base)`, with `NavigationMixin.Navigate` and `NavigationMixin.GenerateUrl`. */
export const NavigationMixin = Object.assign(withNavigation, { Navigate, GenerateUrl })

/** `@wire(CurrentPageReference)`: where the page is, again after every navigation. */
export class CurrentPageReference {
  readonly #emit: (reference: PageReference) => void
  #leave: () => void = () => undefined

  constructor(emit: (reference: PageReference) => void) {
    this.#emit = emit
  }
  update(): void {
    this.#emit(currentPage())
  }
  connect(): void {
    this.#leave = onPage(this.#emit)
  }
  disconnect(): void {
    this.#leave()
  }
}
