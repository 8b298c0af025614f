import { join } from 'node:path'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { PageContent } from '../../src/content/content.ts'
import { SAMPLE } from '../../src/content/sample.ts'
import { buildPage } from '../../src/page/build.ts'
import { mountPage } from '../../src/page/page.ts'
import { fakeOrg } from './fake-org.ts'

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM)

/** A page of throw-away components. */
export const FIXTURE: PageContent = {
  ...SAMPLE.page,
  components: join(import.meta.dirname, 'lwc'),
  trustedUrls: ['http://localhost:4000'],
  app: { name: 'Missions', label: 'Missions', components: ['decisionQueue', 'explainRail'] },
  utility: { component: 'explainRail', label: 'Explain' },
  record: { centre: 'decisionQueue', side: 'explainRail', label: 'Missions' },
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** The browser every test here drives. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

/** The page over a tiny org, with throw-away components; the engine's usage checks are on. */
export async function servePage() {
  const { dir } = await buildPage({ content: FIXTURE, development: true })
  const org = fakeOrg()
  mountPage(org.app, { pageDir: dir, trustedUrls: FIXTURE.trustedUrls, orgUrl: 'http://localhost' })
  const server = org.app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { ...org, url: `http://localhost:${(server.address() as AddressInfo).port}`, close }
}

/** Collects what a page complains about; advice about native shadow inside base components is theirs, not ours. */
export function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(error.message))
  page.on('console', (message) => {
    const text = message.text()
    if (
      message.type() === 'error' ||
      (message.type() === 'warning' && !text.includes('https://sfdc.co/synthetic-aria'))
    )
      heard.push(text)
  })
  return heard
}
