import { missionCommand } from './mission/command.ts'

process.exitCode = await missionCommand(process.argv.slice(2), (line) => console.log(line))
