// The queue on a page: what a fake brain serves it, what a person presses, and what is looked at.
import DecisionQueue from 'c/decisionQueue'
import type { DecisionView } from '../../server/contract/http.ts'
import { one, until, type FakeBrain } from './brain'
import { summaryOf } from './fixtures'
import { mounted } from './mount'

/** Lists these decisions by their status, and answers with each of them. */
export function serve(brain: FakeBrain, ...views: DecisionView[]): void {
  brain.on('GET /api/v1/decisions', ({ search }) => {
    const status = new URLSearchParams(search).get('status')
    return { body: { items: views.filter((view) => view.status === status).map(summaryOf), next: null } }
  })
  for (const view of views) brain.on(`GET /api/v1/decisions/${view.id}`, { body: view })
}

export const mountQueue = (recordId: string | null = null): HTMLElement =>
  mounted('c-decision-queue', DecisionQueue, { recordId })

export function press(element: HTMLElement, key: string): void {
  const target = one(element, 'c-mission-decision') ?? one(element, 'section')
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }))
}

export const reviewButton = (element: HTMLElement): HTMLElement | null => one(element, '[data-id="review"]')
export const sentence = (element: HTMLElement): HTMLElement | null => one(element, 'h2.sentence')
export const approveButton = (element: HTMLElement): HTMLElement | null => one(element, '[data-id="approve"]')

/** Waits until a decision is shown. */
export async function shown(element: HTMLElement): Promise<void> {
  await until(() => sentence(element))
}

/** Steps through the changes that require review. */
export async function seeEverything(element: HTMLElement): Promise<void> {
  press(element, 'n')
  await until(() => approveButton(element)?.getAttribute('aria-disabled') === 'false')
}
