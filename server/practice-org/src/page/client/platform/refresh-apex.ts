import { refreshWired } from './wire-adapter.ts'

/** `refreshApex` of `@salesforce/apex`: asks again for what a wire gave; takes the wired value itself. */
export function refreshApex(value: object): Promise<void> {
  return refreshWired(value)
}
