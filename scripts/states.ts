// Writes docs/states.md from the tables of the code.
import { writeFileSync } from 'node:fs'
import { statesDocument } from './states/states-document.ts'

writeFileSync(new URL('../docs/states.md', import.meta.url), statesDocument())
