import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { practiceContent } from '../../server/practice/content/content.ts'
import { startPracticeOrg, type PracticeOrg } from '../../server/practice-org/src/compose.ts'
import { buildPage } from '../../server/practice-org/src/page/build.ts'
import { mountPage } from '../../server/practice-org/src/page/page.ts'
import { complaints, hasChromium, openBrowser } from '../../server/practice-org/test/page/browser.ts'

/** Nothing listens there: the page and its components must say so and stay usable. */
const DEAD_BRAIN = 'http://localhost:9'
const content = practiceContent({ brainUrl: DEAD_BRAIN })

describe.skipIf(!hasChromium)('The Lightning page over the practice org, with the package’s own components', () => {
  let browser: Browser
  let org: PracticeOrg

  beforeAll(async () => {
    const [opened, built] = await Promise.all([openBrowser(), buildPage({ content: content.page })])
    browser = opened
    org = await startPracticeOrg({
      port: 0,
      eventsPort: 0,
      dataDir: null,
      content,
      mountPage: (app, hook) => mountPage(app, { ...hook, pageDir: built.dir }),
    })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await org?.close()
  })

  test('a lead made in the page is a change made in the user interface, and its page hosts the components', async () => {
    const page = await browser.newPage()
    const heard = complaints(page)
    await page.goto(`${org.url}/lightning/o/Lead/new`)
    const dialog = page.getByRole('dialog', { name: 'New Lead' })
    await dialog.getByLabel('Last Name').fill('Lovelace')
    await dialog.getByLabel('Company').fill('Analytical Engines')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Lovelace' }).waitFor()
    for (const component of ['c-decision-queue', 'c-explain-rail'])
      await page.locator(`${component} h2`).first().waitFor()
    expect(org.org.transactions().at(-1)).toMatchObject({
      username: 'admin@practice.example',
      api: 'ui',
      committed: true,
    })
    expect(heard.filter((text) => !text.includes('ERR_'))).toEqual([])
    await page.context().close()
  })

  test('the account of a person shows the person, and is changed as one', async () => {
    const admin = { userId: org.org.user('admin@practice.example')?.id ?? '', api: 'rest', version: '66.0' } as const
    const fields = { LastName: 'Marin', FirstName: 'Ada', PersonEmail: 'ada@marin.example', PersonMailingCity: 'Lyon' }
    const id = org.org.create(admin, 'Account', fields)
    const page = await browser.newPage()
    await page.goto(`${org.url}/lightning/r/Account/${id}/view`)
    await page.getByRole('heading', { name: 'Ada Marin' }).waitFor()
    await page.getByText('ada@marin.example').first().waitFor()
    expect(await page.getByRole('heading', { name: 'Contacts' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Details' }).click()
    await page.getByText('Lyon').waitFor()

    await page.goto(`${org.url}/lightning/r/Account/${id}/edit`)
    const dialog = page.getByRole('dialog', { name: 'Edit Account' })
    await dialog.getByLabel('Last Name').fill('Marini')
    expect(await dialog.getByLabel('Account Name').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Ada Marini' }).waitFor()
    await page.context().close()
  })

  test.each([
    { person: 'Sales rep', username: 'rep@practice.example', seesAmounts: false },
    { person: 'Auditor', username: 'auditor@practice.example', seesAmounts: true },
  ])(
    'the page shows the $person what the org shows them; amounts: $seesAmounts',
    async ({ person, username, seesAmounts }) => {
      const admin = { userId: org.org.user('admin@practice.example')?.id ?? '', api: 'rest', version: '66.0' } as const
      const user = org.org.user(username)
      const name = `Deal of the ${person}`
      const deal = {
        Name: name,
        StageName: 'Prospecting',
        CloseDate: '2026-12-31',
        Amount: 4200,
        OwnerId: user?.id ?? '',
      }
      org.org.create(admin, 'Opportunity', deal)
      const page = await browser.newPage()
      await page.goto(`${org.url}/lightning/o/Opportunity/list`)
      await page.getByRole('columnheader', { name: 'Amount' }).waitFor()
      await page.getByRole('button', { name: 'Switch user' }).click()
      await page
        .getByRole('menuitemcheckbox', { name: person })
        .or(page.getByRole('menuitem', { name: person }))
        .click()
      await page.getByRole('button', { name: `Signed in as ${user?.name}` }).waitFor()
      await page.getByRole('link', { name }).waitFor()
      expect(await page.getByRole('columnheader', { name: 'Amount' }).count()).toBe(seesAmounts ? 1 : 0)
      await page.context().close()
    },
  )
})
