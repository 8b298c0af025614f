// The main job as people do it: in the page, with mouse and keys, against a brain that is really there.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { openDecision, runThatIs, story } from '../support/story.ts'
import { partsOf, review, seeGatedRows, watchShifts } from './decision-page.ts'
import { chromiumIsThere, seriousViolations, setStage, type Stage } from './stage.ts'

/** The README's picture: taken when it is missing, or on request. */
const PICTURE = fileURLToPath(new URL('../../docs/images/decision.png', import.meta.url))
const wantsPicture = !existsSync(PICTURE) || process.env.SAVE_IMAGES === '1'

describe.skipIf(!chromiumIsThere())('In the browser', { timeout: 60_000 }, () => {
  let stage: Stage
  let admin: Person

  beforeAll(async () => {
    stage = await setStage()
    admin = await stage.as('admin')
  }, 120_000)
  afterAll(async () => stage?.close())

  const leadPage = (id: string) => `/lightning/r/Lead/${id}/view`
  const tell = (name: string, change: Record<string, unknown> = {}) =>
    admin.create('Lead', { ...story(name).lead, ...change })

  test('a lead made in the page is matched, its accounts merged after one approval, and the page shows it', async () => {
    const page = await stage.visit('/lightning/o/Lead/new')
    await fillForm(page, story('two-accounts-one-company').lead)
    const parts = partsOf(page)
    await parts.observations.first().waitFor()
    await review(page)
    expect(await parts.sentence.innerText()).toContain('Brightwater Logistics Inc')
    for (const words of ['Owner', 'Elena Marsh', 'Matched Account']) await parts.diff.getByText(words).first().waitFor()
    await seeGatedRows(page)
    if (wantsPicture) await takePicture(page)
    const shifted = await watchShifts(page)
    await parts.approve.click()
    await parts.badge.getByText('Approved').waitFor()
    await parts.outcome.getByText('Nothing was written to Salesforce.').waitFor()
    await parts.badge.getByText('Verified').waitFor({ timeout: 30_000 })
    const details = page.locator('shell-record-detail')
    await details.getByRole('link', { name: 'Brightwater Logistics Inc' }).waitFor()
    await details.getByText('Elena Marsh').waitFor()
    expect(await shifted()).toBeLessThan(0.01)
    await parts.rail.getByRole('button', { name: 'Changed now' }).click()
    await parts.rail.getByText('Changed by a mission').waitFor()
    await parts.rail.getByRole('button', { name: 'Replay' }).click()
    await parts.rail.getByText('Replayed: identical, byte for byte').waitFor()
    expect(stage.complaintsOf(page)).toEqual([])

    const [loser] = await admin.query("SELECT Id FROM Account WHERE Name = 'Brightwater Logistics'", true)
    await page.goto(`${stage.orgUrl}/lightning/r/Account/${loser!.Id}/view`)
    await page.getByText('It may have been deleted or merged').waitFor()
    await parts.rail.getByText('Changed by a mission').waitFor()
  })

  test.each([1440, 390])('a decision that arrives moves nothing on a record page %i wide', async (width) => {
    const lead = await company(admin, width > 1000 ? 'Quern and Adze' : 'Ratchet Brothers')
    const page = await stage.visit(`/lightning/r/Account/${lead.bygone}/view`, { width })
    const { queue, review: arrived, live } = partsOf(page)
    await page.getByRole('link', { name: 'Deal' }).waitFor()
    await queue.getByText('No decision is waiting about this record.').waitFor()
    await live.getByText('Live', { exact: true }).waitFor()
    const record = page.getByRole('region', { name: 'Record', exact: true })
    const before = await record.boundingBox()
    const shifted = await watchShifts(page)
    await admin.create('Lead', lead.fields)
    await arrived.waitFor()
    expect((await record.boundingBox())!.y).toBe(before!.y)
    expect(await shifted()).toBeLessThan(0.01)
  })

  test('a decision is rejected by keys alone, and nothing is written', async () => {
    const leadId = await tell('one-account-known-contact')
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId))
    const { queue, badge, review: reviewButton, sentence } = partsOf(page)
    await reviewButton.waitFor()
    await tabInto(page, 'c-decision-queue c-decision-note')
    await page.keyboard.press('Enter')
    await sentence.and(page.locator(':focus')).waitFor()
    await page.keyboard.press('?')
    await queue.getByText('approve', { exact: false }).first().waitFor()
    await page.keyboard.press('r')
    await queue.getByRole('button', { name: 'Not the same company' }).waitFor()
    await page.keyboard.press('1')
    await badge.getByText('Rejected').waitFor()
    await queue.getByText('Nothing was written').first().waitFor()
    expect((await runThatIs(admin, leadId, ['done'])).verdict).toBe('rejected')
    await page.waitForFunction('document.activeElement !== document.body')
  })

  test('what the org hides from a person is not on that person’s page', async () => {
    const [rep] = await admin.query("SELECT Id FROM User WHERE Username = 'rep@practice.example'")
    const leadId = await twins(admin, 'Thornbury Kilns', rep!.Id)
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId), { person: 'Sales rep' })
    const { observations, rail } = partsOf(page)
    await page.getByRole('heading', { name: 'Thorn' }).waitFor()
    await rail.locator('h2').waitFor()
    await observations.first().waitFor()
    const text = await everythingSaid(page)
    expect(text).not.toContain('Bygone')
    expect(text).not.toContain('Replay of this run')
    expect(text).not.toMatch(/77,?777/)
    expect(stage.complaintsOf(page)).toEqual([])
  })

  test('invisible characters in the name of a company are on the page, and what is written is untouched', async () => {
    const leadId = await twins(admin, 'Gannet \u202eTiles\u{e0041}')
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId))
    const { queue, rail, approve, badge } = partsOf(page)
    await review(page)
    await seeGatedRows(page)
    for (const part of [queue, rail]) {
      const text = await part.innerText()
      expect(text).toContain('Gannet ⟦U+202E⟧Tiles⟦U+E0041⟧')
      expect(text).not.toMatch(/[\u202e\u{e0041}]/u)
    }
    await approve.click()
    await badge.getByText('Verified').waitFor({ timeout: 30_000 })
    const [task] = await admin.query(`SELECT Subject FROM Task WHERE WhoId = '${leadId}'`)
    expect(task!.Subject).toContain('Gannet \u202eTiles\u{e0041}')
  })

  test('the slower of two approvers reads who was first, and that the own answer was not used', async () => {
    const leadId = await twins(admin, 'Umberfield Mills')
    await openDecision(admin, leadId)
    const slow = await stage.visit('/lightning/page/home')
    await slow.route('**/api/v1/stream**', (route) => route.abort())
    await slow.goto(stage.orgUrl + leadPage(leadId))
    await review(slow)
    await seeGatedRows(slow)
    const fast = await stage.visit(leadPage(leadId), { person: 'Second approver' })
    await review(fast)
    await seeGatedRows(fast)
    await partsOf(fast).approve.click()
    await partsOf(fast).badge.getByText('Approved').waitFor()
    await partsOf(slow).approve.click()
    await partsOf(slow).error.waitFor()
    expect(await partsOf(slow).error.innerText()).toContain(
      'This decision is already approved by Sam Second. Your answer was not used.',
    )
  })

  test('a page outlives its brain: it says Reconnecting, and goes on by itself', async () => {
    const leadId = await twins(admin, 'Vesper Looms')
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId))
    const { live, badge, approve } = partsOf(page)
    await live.getByText('Live', { exact: true }).waitFor()
    await review(page)
    await seeGatedRows(page)
    await stage.killBrain()
    await live.getByText('Reconnecting').waitFor()
    await stage.restartBrain()
    await live.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 })
    await approve.click()
    await badge.getByText('Verified').waitFor({ timeout: 30_000 })
  })

  test('what was written can be proposed to be undone, by the keyboard, and the proposal appears', async () => {
    const leadId = await twins(admin, 'Zephyr Anchors')
    const decision = await openDecision(admin, leadId)
    expect((await admin.approve(decision)).status).toBe(200)
    await runThatIs(admin, leadId, ['done'])
    const page = await stage.visit(leadPage(leadId))
    const { queue } = partsOf(page)
    const changed = page.locator('c-mission-rationale')
    await changed.locator('summary').first().press('Enter')
    await changed.getByRole('button', { name: 'Undo…' }).press('Enter')
    await page.keyboard.type('These are two companies')
    expect(await seriousViolations(page)).toEqual([])
    await changed.getByRole('button', { name: 'Request undo' }).press('Enter')
    await changed.getByText('someone else must approve it').waitFor()
    const run = await runThatIs(admin, leadId, ['waiting'])
    expect((await admin.decision(run.decisionId!)).undoes?.decisionId).toBe(decision.id)
    await queue.getByText('as before the change proposed on').first().waitFor()
    expect(stage.complaintsOf(page)).toEqual([])
  })

  test('an auditor finds what somebody approved this month, and sees what it was', async () => {
    const leadId = await twins(admin, 'Jib and Boom')
    expect((await admin.approve(await openDecision(admin, leadId))).status).toBe(200)
    const page = await stage.visit('/lightning/n/Missions', { person: 'Auditor' })
    const { queue, rail, sentence } = partsOf(page)
    await queue.getByRole('button', { name: 'Show decided' }).click()
    await queue.getByLabel('Month').selectOption({ index: 1 })
    await queue.getByLabel('Answered by').selectOption('Ada Admin')
    await queue.getByRole('button', { name: /Jib and Boom.*Ada Admin approved it/ }).click()
    await sentence.and(page.locator(':focus')).waitFor()
    await rail.getByText('approved exactly this change set').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(stage.complaintsOf(page)).toEqual([])
  })

  test.each([{ dark: false }, { dark: true }])('axe finds nothing serious, dark: $dark', async ({ dark }) => {
    const leadId = await twins(admin, dark ? 'Wolfram Lamps' : 'Xylo Boatyard')
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId), { dark })
    await partsOf(page).review.waitFor()
    await partsOf(page).observations.first().waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await review(page)
    expect(await seriousViolations(page)).toEqual([])
    await page.goto(`${stage.orgUrl}/lightning/n/Missions`)
    await partsOf(page).sentence.waitFor()
    expect(await seriousViolations(page)).toEqual([])
  })

  test('at 320 pixels nothing scrolls sideways and the verbs are in sight', async () => {
    const leadId = await twins(admin, 'Yarrow Instruments of Upper Silverdale')
    await openDecision(admin, leadId)
    const page = await stage.visit(leadPage(leadId), { width: 320, height: 640 })
    const { approve, sentence } = partsOf(page)
    await review(page)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    await sentence.scrollIntoViewIfNeeded()
    const box = await approve.boundingBox()
    expect(box && box.y >= 0 && box.y + box.height <= 640).toBe(true)
  })
})

/** Fills the New Lead form and saves it; the record's page follows. */
async function fillForm(page: Page, lead: Record<string, unknown>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'New Lead' })
  const texts = { FirstName: 'First Name', LastName: 'Last Name', Company: 'Company', Email: 'Email', Phone: 'Phone' }
  for (const [field, label] of Object.entries({ ...texts, Website: 'Website', State: 'State', Country: 'Country' }))
    await dialog.getByRole('textbox', { name: label }).first().fill(String(lead[field]))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: String(lead.LastName) }).waitFor()
}

/** Two accounts that are one company, an open deal on the second, and a lead from there; gives the lead's id. */
async function twins(admin: Person, name: string, ownerId?: string): Promise<string> {
  const { fields } = await company(admin, name)
  return admin.create('Lead', { ...fields, ...(ownerId ? { OwnerId: ownerId } : {}) })
}

/** The same without the lead: the id of the second account and the fields of a lead from there. */
async function company(admin: Person, name: string): Promise<{ bygone: string; fields: Record<string, string> }> {
  const site = `www.${name.toLowerCase().replace(/\W+/g, '')}.example`
  const facts = { Website: site, Phone: '+1 415 555 0187', BillingState: 'CA', BillingCountry: 'United States' }
  await admin.create('Account', { ...facts, Name: `${name} Inc`, Type: 'Customer - Direct' })
  const bygone = await admin.create('Account', { ...facts, Name: `${name} Bygone` })
  const deal = { Name: 'Deal', AccountId: bygone, StageName: 'Prospecting', CloseDate: '2027-01-31', Amount: 77_777 }
  await admin.create('Opportunity', deal)
  const { Website, Phone } = facts
  const lead = { LastName: 'Thorn', Company: name, Website, Phone, State: 'CA', Country: 'United States' }
  return { bygone, fields: { ...lead, Status: 'Open - Not Contacted' } }
}

async function tabInto(page: Page, component: string): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${component} :focus`).count()) > 0) return
  }
  throw new Error(`Tab does not lead into ${component}`)
}

/** All text and attributes of the page. */
function everythingSaid(page: Page): Promise<string> {
  return page.evaluate<string>('document.documentElement.outerHTML')
}

async function takePicture(page: Page): Promise<void> {
  mkdirSync(dirname(PICTURE), { recursive: true })
  await page
    .locator('shell-toasts')
    .getByRole('button', { name: /^Close/ })
    .click()
  await page.mouse.move(0, 0)
  await page.screenshot({ path: PICTURE })
}
