// The brain's process, with phases in which one run stands still for ever.
import { runBrain } from '../../server/brain/boot/process.ts'

const phasesModule = new URL('./standing-phases.ts', import.meta.url).href
await runBrain(process.env, (config) => config, { phasesModule })
