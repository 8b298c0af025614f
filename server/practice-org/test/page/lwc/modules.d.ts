// What these components import from the platform.
declare module '@salesforce/apex/MissionSession.open' {
  export default function open(): Promise<unknown>
}
declare module '@salesforce/apex/MissionSession.decide' {
  export default function decide(parameters: Record<string, unknown>): Promise<unknown>
}
declare module '@salesforce/client/formFactor' {
  const formFactor: string
  export default formFactor
}
declare module '@salesforce/customPermission/Decide_Missions' {
  const held: boolean | undefined
  export default held
}
declare module '@salesforce/user/Id' {
  const id: string
  export default id
}
declare module 'lightning/navigation' {
  interface Navigating {
    dispatchEvent(event: Event): boolean
    [key: symbol]: (reference: { type: string; attributes: Record<string, string> }) => void
  }
  export const NavigationMixin: {
    (base: unknown): new () => Navigating
    readonly Navigate: symbol
  }
}
declare module 'lightning/platformShowToastEvent' {
  export class ShowToastEvent extends Event {
    constructor(toast: { title: string; message: string; messageData: string[]; variant: string })
  }
}
