// The brain's HTTP process. It also works on jobs and listens to the org, unless ROLE=web leaves that to `worker.ts`.
import { runBrain } from './brain/boot/process.ts'

await runBrain(process.env)
