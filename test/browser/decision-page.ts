import type { Page } from 'playwright-core'

/** The parts of a page that hosts the mission components, by what people see. */
export function partsOf(page: Page) {
  const queue = page.locator('c-decision-queue')
  return {
    queue,
    sentence: queue.locator('h2.sentence'),
    diff: queue.locator('c-mission-diff'),
    gatedTicks: queue.getByRole('checkbox', { name: /Seen/ }),
    approve: queue.getByRole('button', { name: /^Approve/ }),
    reject: queue.getByRole('button', { name: 'Reject', exact: true }),
    outcome: queue.locator('c-mission-outcome'),
    badge: queue.locator('c-mission-outcome .badge'),
    trouble: queue.locator('.trouble'),
    rail: page.locator('c-explain-rail'),
    observations: page.locator('c-explain-rail c-mission-observation'),
    live: page.locator('c-explain-rail c-live-badge'),
  }
}

/** Ticks what must be seen, as a careful person would, and waits until approving is possible. */
export async function seeGatedRows(page: Page): Promise<void> {
  const { gatedTicks, approve } = partsOf(page)
  for (const tick of await gatedTicks.all()) await tick.check()
  await page.waitForFunction(
    (button) => button?.getAttribute('aria-disabled') === 'false',
    await approve.elementHandle(),
  )
}
