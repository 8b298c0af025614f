import type { Page } from 'playwright-core'

/** The parts of a page that hosts the mission components, by what people see. */
export function partsOf(page: Page) {
  const queue = page.locator('c-decision-queue')
  return {
    queue,
    review: queue.getByRole('button', { name: 'Review' }),
    sentence: queue.locator('h2.sentence'),
    diff: queue.locator('c-mission-diff'),
    gatedTicks: queue.getByRole('checkbox', { name: /Seen/ }),
    approve: queue.getByRole('button', { name: /^Approve/ }),
    reject: queue.getByRole('button', { name: 'Reject', exact: true }),
    outcome: queue.locator('c-mission-outcome'),
    badge: queue.locator('c-mission-outcome .badge'),
    error: queue.locator('.error'),
    rail: page.locator('c-explain-rail'),
    observations: page.locator('c-explain-rail c-mission-observation'),
    live: page.locator('c-explain-rail c-live-badge'),
  }
}

/** Asks for the whole decision that a record page names in one line. */
export async function review(page: Page): Promise<void> {
  await partsOf(page).review.click()
  await partsOf(page).sentence.waitFor()
}

/** Ticks what must be seen, as a careful person would, and waits until approving is possible. */
export async function seeGatedRows(page: Page): Promise<void> {
  const { gatedTicks, approve } = partsOf(page)
  await approve.waitFor()
  for (const tick of await gatedTicks.all()) await tick.check()
  await page.waitForFunction(
    (button) => button?.getAttribute('aria-disabled') === 'false',
    await approve.elementHandle(),
  )
}

/** From now on adds up how far the browser sees things jump by themselves; gives the reading of the sum. */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`
    globalThis.shifted = 0
    globalThis.shifts = new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value
    })
    globalThis.shifts.observe({ type: 'layout-shift' })`)
  return () => page.evaluate<number>('new Promise((tell) => requestAnimationFrame(() => tell(globalThis.shifted)))')
}
