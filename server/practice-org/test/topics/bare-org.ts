// A practice org in a process of its own, for tests that kill it: settings as JSON in the first argument.
import { startPracticeOrg } from '../../src/compose.ts'
import { z } from 'zod'

const Settings = z.object({ dataDir: z.string(), port: z.number(), eventsPort: z.number() })
const { dataDir, port, eventsPort } = Settings.parse(JSON.parse(process.argv[2] ?? ''))
const org = await startPracticeOrg({
  port,
  eventsPort,
  dataDir,
  keepAliveMs: 50,
  cometHoldMs: 100,
})
process.send?.({ url: org.url, port: org.port, eventsPort: org.eventsPort, orgId: org.orgId })
process.once('disconnect', () => process.exit(0))
