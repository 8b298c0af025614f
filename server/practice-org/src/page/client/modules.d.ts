// Modules that the bundler makes up or takes from lightning-base-components.
declare module 'practice:components' {
  import type { LightningElement } from 'lwc'
  type ComponentClass = typeof LightningElement
  export const components: Record<
    string,
    { targets: string[]; load: () => Promise<{ default: ComponentClass }> } | undefined
  >
}
declare module 'practice:page' {
  interface PageContent {
    people: { login: string; label: string; hint: string }[]
    app: { name: string; label: string; components: string[] } | null
    utility: { component: string; label: string } | null
    record: { centre: string | null; side: string | null; label: string }
  }
  export const page: PageContent
}
declare module '@lwc/synthetic-shadow'
declare module 'shell/app' {
  import type { LightningElement } from 'lwc'
  const App: typeof LightningElement
  export default App
}
