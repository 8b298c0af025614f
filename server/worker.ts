// The brain's job process: works on runs and listens to the org. Wants a DATABASE_URL that it shares with the HTTP process.
import { runBrain } from './brain/boot/process.ts'

await runBrain(process.env, (config) => ({ ...config, role: 'jobs' }))
