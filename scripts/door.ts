import { doorCommand } from './door/command.ts'

process.exitCode = await doorCommand(process.argv.slice(2), process.env, (line) => console.log(line))
