import { userInfo } from 'node:os'
import { eraseCommand } from './erase/command.ts'

const about = { env: process.env, account: userInfo().username }
process.exitCode = await eraseCommand(process.argv.slice(2), about, (line) => console.log(line))
