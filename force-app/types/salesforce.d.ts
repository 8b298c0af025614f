// What the platform hands to the components: Apex methods and the lightning modules they use.

declare module '@salesforce/apex/MissionSession.open' {
  /** Signs a five-minute read token for the person at the screen. Rejects with `{ body: { message } }`. */
  export default function open(): Promise<{ token: string; expiresAt: string | number; brainUrl: string }>
}

declare module '@salesforce/apex/MissionSession.decide' {
  /** Checks permission and rights now and signs one answer. Rejects with `{ body: { message } }`. */
  export default function decide(parameters: {
    decisionId: string
    digest: string
    verb: string
    /** The list of rights as JSON text. */
    rights: string
  }): Promise<{ decision: string }>
}

declare module '@salesforce/customPermission/*' {
  /** True for those who hold it. */
  const isHeld: true | undefined
  export default isHeld
}

declare module 'lightning/uiRecordApi' {
  /** Tells the page that records changed on the server, so that what shows them reads them again. */
  export function notifyRecordUpdateAvailable(records: readonly { recordId: string }[]): Promise<void>
}

declare module 'lightning/navigation' {
  import type { LightningElement } from 'lwc'
  interface RecordPage {
    type: 'standard__recordPage'
    attributes: { recordId: string; objectApiName: string; actionName: 'view' }
  }
  type Navigator = LightningElement & Record<symbol, (page: RecordPage) => void>
  interface Mixin {
    (base: typeof LightningElement): new () => Navigator
    readonly Navigate: symbol
  }
  export const NavigationMixin: Mixin
}

declare module '@salesforce/i18n/locale' {
  /** The person's locale, e.g. `en-US`. */
  const locale: string
  export default locale
}

declare module '@salesforce/i18n/timeZone' {
  /** The person's time zone, e.g. `America/Los_Angeles`. */
  const timeZone: string
  export default timeZone
}

declare module '@salesforce/label/*' {
  /** The text of a custom label, in the language of the person at the screen. */
  const label: string
  export default label
}
