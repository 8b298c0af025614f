// Modules that the bundler makes up or takes from lightning-base-components.
declare module 'practice:components' {
  import type { LightningElement } from 'lwc'
  type ComponentClass = typeof LightningElement
  export const components: Record<
    string,
    { targets: string[]; load: () => Promise<{ default: ComponentClass }> } | undefined
  >
}
declare module '@lwc/synthetic-shadow'
declare module 'shell/app' {
  import type { LightningElement } from 'lwc'
  const App: typeof LightningElement
  export default App
}
