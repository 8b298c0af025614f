import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { complaints, hasChromium, openBrowser, servePage } from './browser.ts'

const ACME = '/lightning/r/Account/001000000000000AAA/view'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!hasChromium)('The Lightning page', () => {
  let browser: Browser
  let org: Awaited<ReturnType<typeof servePage>>
  let page: Page
  let heard: string[]

  beforeAll(async () => {
    ;[browser, org] = await Promise.all([openBrowser(), servePage()])
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    org?.close()
  })
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    heard = complaints(page)
  })
  afterEach(() => page.context().close())

  const open = async (address: string): Promise<void> => {
    await page.goto(org.url + address)
    await page.getByRole('main').waitFor()
  }

  test('mounts the deployed components under synthetic shadow, without a complaint', async () => {
    await open(ACME)
    await page.getByText('Account 001000000000000AAA Large').waitFor()
    await page.getByText('005000000000001AAA decides').waitFor()
    const queue = page.locator('c-decision-queue')
    const synthetic = await queue.evaluate(
      (host: { shadowRoot?: { synthetic?: boolean } }) => host.shadowRoot?.synthetic,
    )
    expect(synthetic).toBe(true)
    for (const role of ['textbox', 'combobox', 'radio', 'checkbox', 'grid'] as const)
      await page.getByRole(role).first().waitFor()
    await page.getByRole('grid').getByText('Owner').waitFor()
    expect(heard).toEqual([])
  })

  test('Apex calls go to the org as the signed-in user, and a refusal carries Apex’s own message', async () => {
    await open('/lightning/n/Missions')
    await page.getByRole('button', { name: 'Open session' }).click()
    await page.getByText('"brainUrl":"http://localhost:4000"').waitFor()
    await page.getByRole('button', { name: 'Decide' }).click()
    await page.getByText('You need Edit on Account.Name.').waitFor()
    expect(org.apexCalls.at(-1)).toEqual({
      method: 'MissionSession.decide',
      body: { decisionId: 'd1', digest: '0', verb: 'approve', rights: '[]' },
    })
  })

  test('components can show a toast and navigate; back returns', async () => {
    await open('/lightning/n/Missions')
    await page.getByRole('button', { name: 'Say so' }).click()
    await page.getByRole('status').getByText('by the queue').waitFor()
    await page.getByRole('button', { name: 'Go to leads' }).click()
    await page.getByRole('heading', { name: 'All Leads' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/lightning/o/Lead/list')
    await page.goBack()
    await page.getByRole('button', { name: 'Say so' }).waitFor()
  })

  test('a list leads to a record, and the record shows its related lists and details', async () => {
    await open('/lightning/o/Account/list')
    await page.getByText('50 of 120 items').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('100 of 120 items').waitFor()
    await page.getByRole('searchbox', { name: 'Search this list' }).fill('acme')
    await page.getByText('1 item').waitFor()
    await page.getByRole('link', { name: 'Acme Corporation' }).click()
    await page.getByRole('heading', { name: 'Acme Corporation' }).waitFor()
    await page.getByRole('link', { name: 'Acme renewal' }).waitFor()
    await page.getByRole('tab', { name: 'Details' }).click()
    await page.getByRole('region', { name: 'Account Information' }).getByText('$1,200,000').waitFor()
    expect(heard).toEqual([])
  })

  test('a new lead is saved; what the org refuses is shown in its words, at its field', async () => {
    await open('/lightning/o/Lead/new')
    const dialog = page.getByRole('dialog', { name: 'New Lead' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Complete this field.').first().waitFor()
    await dialog.getByLabel('Last Name').fill('Lovelace')
    await dialog.getByLabel('Company').fill('Refused')
    await dialog.getByRole('combobox', { name: 'Status' }).click()
    await dialog.getByRole('option', { name: 'Open' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'We hit a snag.' }).getByText('We do not sell to them.').waitFor()
    await dialog.getByLabel('Company').fill('Acme')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Lovelace' }).waitFor()
    await page.getByRole('status').getByText('Lead was created.').waitFor()
    expect(org.rows.Lead?.at(-1)).toMatchObject({ LastName: 'Lovelace', Company: 'Acme' })
  })

  test('Escape leaves a form, and nothing behind it can be reached meanwhile', async () => {
    await open(ACME)
    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit Account' })
    await dialog.getByLabel('Account Name').waitFor()
    expect(await page.locator('.behind').getAttribute('inert')).not.toBeNull()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe(ACME)
  })

  test('switching the user changes what the page may see', async () => {
    await open('/lightning/o/Opportunity/list')
    await page.getByRole('columnheader', { name: 'Amount' }).waitFor()
    await page.getByRole('button', { name: 'Switch user' }).click()
    await page
      .getByRole('menuitem', { name: 'Sales rep' })
      .or(page.getByRole('menuitemcheckbox', { name: 'Sales rep' }))
      .click()
    await page.getByRole('button', { name: 'Signed in as Rita Rep' }).waitFor()
    await page.getByRole('columnheader', { name: 'Stage' }).waitFor()
    expect(await page.getByRole('columnheader', { name: 'Amount' }).count()).toBe(0)
  })

  test('an address that leads nowhere says so', async () => {
    await open('/lightning/r/Account/001999999999999AAA/view')
    await page.getByRole('heading', { name: "We can't show this record" }).waitFor()
    await open('/lightning/x/y')
    await page.getByRole('heading', { name: "This page doesn't exist" }).waitFor()
  })

  test('the content security policy stops a connection to anywhere but the org and the brain', async () => {
    await open('/lightning/page/home')
    const refused = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/elsewhere').then(
        () => '',
        (error: Error) => error.message,
      ),
    )
    expect(refused).not.toBe('')
    expect(heard.join()).toContain('Content Security Policy')
  })

  test.each([
    '/lightning/page/home',
    '/lightning/o/Account/list',
    ACME,
    '/lightning/o/Lead/new',
    '/lightning/n/Missions',
  ])(
    '%s has no serious accessibility fault in light or dark, and fits 320 pixels without scrolling sideways',
    async (address) => {
      for (const theme of ['light', 'dark']) {
        await page.goto(org.url)
        await page.evaluate(`localStorage.setItem('practice.theme', '${theme}')`)
        await open(address)
        await page.waitForLoadState('networkidle')
        expect(await seriousFaults(page), theme).toEqual([])
      }
      await page.setViewportSize({ width: 320, height: 640 })
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    },
  )

  test('on a small screen the launcher offers the tabs', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await open('/lightning/page/home')
    await page.getByRole('button', { name: 'App Launcher' }).click()
    await page.getByRole('navigation', { name: 'App Launcher' }).getByRole('link', { name: 'Leads' }).click()
    await page.getByRole('heading', { name: 'All Leads' }).waitFor()
  })
})

async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run()')
  // A run that does not see into components would pass on an empty page.
  expect(passes.some(({ id, nodes }) => id === 'button-name' && nodes.length > 2)).toBe(true)
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
}
