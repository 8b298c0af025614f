export const REFRESH = 'lightning__refresh'

/** `RefreshEvent` of `lightning/refresh`: asks the page to read its records again. */
export class RefreshEvent extends CustomEvent<undefined> {
  constructor() {
    super(REFRESH, { bubbles: true, composed: true, cancelable: true })
  }
}
