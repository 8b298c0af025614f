// Writes docs/schemas/mission.schema.json from the schema that mission files are parsed with.
import { mkdirSync, writeFileSync } from 'node:fs'
import { missionJsonSchema } from '../server/brain/missions/definition-file.ts'

const folder = new URL('../docs/schemas/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('mission.schema.json', folder), `${JSON.stringify(missionJsonSchema(), null, 2)}\n`)
