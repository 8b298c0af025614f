/** What a toast says; `messageData` fills `{0}`, `{1}` in the message. */
export interface Toast {
  title?: string
  message?: string
  messageData?: (string | { url: string; label: string })[]
  variant?: 'info' | 'success' | 'warning' | 'error'
  mode?: 'dismissible' | 'pester' | 'sticky'
}

export const TOAST = 'lightning__showtoast'

/** `ShowToastEvent` of `lightning/platformShowToastEvent`. */
export class ShowToastEvent extends CustomEvent<Toast> {
  constructor(toast: Toast) {
    super(TOAST, { detail: toast, bubbles: true, composed: true, cancelable: true })
  }
}
