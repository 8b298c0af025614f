// The first script of the page: synthetic shadow must be in force before the engine is evaluated, so both are awaited.
import { showTheme } from './nav/theme.ts'

showTheme()
await import('@lwc/synthetic-shadow')
const { start } = await import('./start.ts')
await start()

export {}
