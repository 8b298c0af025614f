import { afterEach, expect, jest, test } from '@jest/globals'
import DecisionNote from 'c/decisionNote'
import { one, textOf } from '../../../../../test/brain'
import { decision, summaryOf } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'

afterEach(() => document.body.replaceChildren())

const note = (members: object) => mounted('c-decision-note', DecisionNote, members)

test('a decision is named with its risk, its time and how many more there are', async () => {
  const element = note({ decision: summaryOf(await decision()), others: 2 })
  const review = jest.fn<(event: Event) => void>()
  element.addEventListener('review', review)
  expect(one(element, '[data-id="words"]')?.textContent).toBe('Move Acme Corp to Priya per Territory policy.')
  expect(one(element, '.facts')?.textContent).toMatch(/Medium risk · Expires in [\d,]+ d · and 2 others/)
  one(element, '[data-id="review"]')?.click()
  expect(review).toHaveBeenCalledTimes(1)
})

test('an error takes the place of the decision, with a button to try again', () => {
  const element = note({ errorText: 'Decisions could not be loaded.' })
  const retry = jest.fn<(event: Event) => void>()
  element.addEventListener('retry', retry)
  expect(one(element, '[role="alert"]')?.textContent).toBe('Decisions could not be loaded. Nothing was changed.')
  one(element, 'button')?.click()
  expect(retry).toHaveBeenCalledTimes(1)
})

test('before anything is known there is a stencil, and no word', () => {
  const element = note({})
  expect(one(element, '.stencil')).not.toBeNull()
  expect(textOf(element).trim()).toBe('')
})
