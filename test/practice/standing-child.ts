// A child of the practice that is ready at once; the first one that finds the mark stands still.
import { rmSync, existsSync } from 'node:fs'
import { startWatchdog } from '../../server/watchdog/watchdog.ts'

startWatchdog({ name: 'brain', seconds: 1 })
process.once('disconnect', () => process.exit(1))
process.send?.({ ready: true })
const mark = process.env.MARK ?? ''
setInterval(() => {
  if (!existsSync(mark)) return
  rmSync(mark)
  for (;;);
}, 50)
