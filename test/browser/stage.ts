import axe, { type AxeResults } from 'axe-core'
import { existsSync, rmSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Child } from '../../server/practice/child.ts'
import { startBrain, startOrg } from '../../server/practice/supervisor.ts'
import { CHROMIUM, complaints, openBrowser } from '../../server/practice-org/test/page/browser.ts'
import { signIn, type Person } from '../support/person.ts'
import { freeOptions } from '../support/stack.ts'

/** The whole product on free ports with a browser in front of it; its brain can be killed and started again. */
export interface Stage {
  orgUrl: string
  as(username: string): Promise<Person>
  /** A page of its own context, as one person at one screen. */
  visit(path: string, screen?: Screen): Promise<Page>
  /** Everything that page's console complained of since it was opened, failed requests too. */
  complaintsOf(page: Page): string[]
  killBrain(): Promise<void>
  restartBrain(): Promise<void>
  close(): Promise<void>
}
export interface Screen {
  width?: number
  height?: number
  dark?: boolean
  person?: string
}

/** Tells in one line why the tests here are skipped, when they are. */
export function chromiumIsThere(): boolean {
  if (existsSync(CHROMIUM)) return true
  console.log(`skipped: no Chromium at ${CHROMIUM}; get it with apt-get install chromium, or set CHROMIUM_PATH`)
  return false
}

export async function setStage(): Promise<Stage> {
  const options = await freeOptions({ size: 20, holdSeconds: 2 })
  const [org, browser] = await Promise.all([startOrg(options), openBrowser()])
  let brain: Child = await startBrain(options, org)
  const orgUrl = `http://localhost:${options.orgPort}`
  const contexts: BrowserContext[] = []
  const heard = new WeakMap<Page, string[]>()
  return {
    orgUrl,
    as: (username) => signIn(orgUrl, `http://localhost:${options.brainPort}`, username),
    async visit(path, screen = {}) {
      const { context, page } = await openScreen(browser, orgUrl, screen)
      contexts.push(context)
      heard.set(page, complaints(page))
      await page.goto(`${orgUrl}${path}`)
      return page
    },
    complaintsOf: (page) => heard.get(page) ?? [],
    async killBrain() {
      brain.kill()
      await brain.ended
    },
    async restartBrain() {
      brain = await startBrain(options, org)
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      await browser.close()
      await brain.stop(2500)
      await org.stop(2500)
      rmSync(options.dataDir, { recursive: true, force: true })
    },
  }
}

async function openScreen(browser: Browser, orgUrl: string, screen: Screen) {
  const { width = 1440, height = 900, dark = false, person } = screen
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  if (dark) await page.addInitScript("localStorage.setItem('practice.theme', 'dark')")
  if (person) await switchUser(page, orgUrl, person)
  return { context, page }
}

/** Hands the page to another person through its user menu. */
async function switchUser(page: Page, orgUrl: string, person: string): Promise<void> {
  await page.goto(`${orgUrl}/lightning/page/home`)
  await page.getByRole('button', { name: 'Switch user' }).click()
  const reloaded = page.waitForEvent('load')
  await page.getByRole('menuitemcheckbox', { name: person }).click()
  await reloaded
}

/** What axe finds seriously wrong, one line each. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })")
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
