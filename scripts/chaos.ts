// `npm run chaos`: the production layout under faults, judged by the org. Prints a report; exit code 1 when anything is wrong.
import { chaosCommand } from './chaos/command.ts'

process.exitCode = await chaosCommand(process.argv.slice(2), (line) => console.log(line))
