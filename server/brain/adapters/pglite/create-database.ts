// A process that creates an embedded database in the given folder, then ends; it also ends when its parent is gone.
import { PGlite } from '@electric-sql/pglite'
import { OwnFiles } from './own-files.ts'

process.once('disconnect', () => process.exit(1))
const database = await PGlite.create({ fs: new OwnFiles(process.argv[2]!) })
await database.close()
process.exit(0)
