import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { pino } from 'pino'
import { startPracticeOrg, type PracticeOrg } from './compose.ts'
import { SAMPLE } from './content/sample.ts'
import { importContent } from './content-module.ts'
import { FIXTURES } from './fixtures/fixture.ts'
import { buildPage } from './page/build.ts'
import { mountPage } from './page/page.ts'
import { seedNoting } from './seed/seed.ts'
import { writingTruth } from './seed/truth-file.ts'
import type { Settings } from './settings.ts'
import { readSetup } from './setup-file.ts'

const SEED = 1
const PROGRESS = 50_000

/** The whole practice org as `npm start` runs it: seeded when new, with its Lightning page. */
export async function startWithPage(settings: Settings): Promise<PracticeOrg> {
  const { port, eventsPort, dataDir, size } = settings
  const content = settings.contentModule ? await importContent(settings.contentModule, process.env) : SAMPLE
  const fixture = settings.fixture && FIXTURES[settings.fixture]
  // It would print its own lines about a port that is taken, before ours.
  setLogVerbosity(logVerbosity.NONE)
  const { dir: pageDir } = await buildPage({ content: content.page })
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2))
  // Hundreds of thousands of accounts take minutes: whoever waits shall know what for.
  const onProgress = (accounts: number): void => {
    if (accounts % PROGRESS === 0) log.info({ accounts, of: size }, 'practice org is being filled')
  }
  return startPracticeOrg({
    port,
    eventsPort,
    dataDir,
    content,
    log,
    load: (org) => {
      if (fixture) return fixture.load(org)
      // Of one day, so that the same size gives the same records.
      const now = `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`
      writingTruth(dataDir, 'truth.json', (notes) =>
        seedNoting(org, { content, size, seed: SEED, now, onProgress }, notes),
      )
    },
    ...(fixture ? { objects: fixture.objects } : {}),
    ...(settings.setupFile ? { setup: readSetup(settings.setupFile) } : {}),
    mountPage: (app, page) => mountPage(app, { ...page, pageDir }),
  })
}
