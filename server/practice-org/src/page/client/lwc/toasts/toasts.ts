import { LightningElement } from 'lwc'
import { TOAST, type Toast } from '../../platform/toast-event.ts'

const SHOWN_FOR_MS = 5000

interface ShownToast {
  key: string
  title: string
  message: string
  variant: string
  icon: string
  className: string
}

/** Shows the toasts that any component on the page asks for; all but sticky ones go away by themselves. */
export default class Toasts extends LightningElement {
  toasts: ShownToast[] = []
  #count = 0
  readonly #listener = (event: Event): void => this.show((event as CustomEvent<Toast>).detail)

  connectedCallback(): void {
    window.addEventListener(TOAST, this.#listener)
  }

  disconnectedCallback(): void {
    window.removeEventListener(TOAST, this.#listener)
  }

  show(toast: Toast): void {
    const variant = toast.variant ?? 'info'
    const shown = {
      key: String(++this.#count),
      title: toast.title ?? '',
      message: filled(toast),
      variant,
      icon: `utility:${variant}`,
      className: `toast slds-notify slds-notify_toast slds-theme_${variant}`,
    }
    this.toasts = [...this.toasts, shown]
    if (toast.mode !== 'sticky') window.setTimeout(() => this.remove(shown.key), SHOWN_FOR_MS)
  }

  close(event: Event): void {
    this.remove((event.currentTarget as HTMLElement).dataset.key)
  }

  remove(key: string | undefined): void {
    this.toasts = this.toasts.filter((toast) => toast.key !== key)
  }
}

function filled({ message = '', messageData = [] }: Toast): string {
  return message.replace(/\{(\d+)\}/g, (hole, n: string) => {
    const part = messageData[Number(n)]
    return part === undefined ? hole : typeof part === 'string' ? part : part.label
  })
}
