// A process under a watchdog that stands still when it is asked to, and otherwise says that it lives.
import { startWatchdog } from '../../server/watchdog/watchdog.ts'

startWatchdog({ name: 'the test’s process', seconds: Number(process.argv[2]) })
process.on('message', (asked) => {
  while (asked === 'stand still');
  process.send?.('lives')
})
process.send?.('up')
