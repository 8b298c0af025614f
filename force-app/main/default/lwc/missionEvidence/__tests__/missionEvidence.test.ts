import { afterEach, expect, test } from '@jest/globals'
import MissionEvidence from 'c/missionEvidence'
import { all, one, until } from '../../../../../test/brain'
import { decision } from '../../../../../test/fixtures'
import { mounted } from '../../../../../test/mount'
import type { DecisionView } from '../../../../../../server/contract/http.ts'

afterEach(() => document.body.replaceChildren())

const check = (agrees: boolean, by: 'rule' | 'model' = 'rule') => ({ label: 'Website', agrees, by, citations: [] })

async function evidence(checks: DecisionView['checks']): Promise<HTMLElement> {
  return mounted('c-mission-evidence', MissionEvidence, { decision: await decision({ checks }) })
}

test('the heading counts the checks that agree; each of two kinds is marked', async () => {
  const element = await evidence([check(true), check(false, 'model')])
  expect(one(element, 'h3')?.textContent).toBe('Why · Strong match · 1 of 2 checks agree')
  expect(all(element, '.by').map(({ textContent }) => textContent)).toEqual(['checked by rule', 'judged by a model'])
})

test('cautions stand before the checks, and those of a model are marked', async () => {
  const cautions: DecisionView['cautions'] = [
    { code: 'text-withheld', text: 'Name of Acme looks like instructions', by: 'rule' },
    { code: 'model-concern', text: 'Merge of Acme', by: 'model' },
  ]
  const given = { decision: await decision({ cautions }) }
  const element = await mounted('c-mission-evidence', MissionEvidence, given)
  expect(one(element, 'h3')?.textContent).toBe('Before you approve')
  expect(all(element, '[data-id="cautions"] li').map(({ textContent }) => textContent?.trim())).toEqual([
    'Name of Acme looks like instructions',
    'Merge of Acmejudged by a model',
  ])
})

test('a review that did not take place is named, one that did is not', async () => {
  const of = async (review: DecisionView['review']) =>
    mounted('c-mission-evidence', MissionEvidence, { decision: await decision({ review }) })
  expect(one(await of('not-reviewed'), '[data-id="not-reviewed"]')?.textContent).toBe(
    'Not reviewed by a model: it did not answer.',
  )
  expect(one(await of('reviewed'), '[data-id="not-reviewed"]')).toBeNull()
  expect(one(await of(null), '[data-id="not-reviewed"]')).toBeNull()
})

test('checks of one kind are marked once for all', async () => {
  const element = await evidence([check(true), check(true)])
  expect(all(element, '.by')).toEqual([])
  expect(one(element, 'p.quiet')?.textContent).toBe('All checked by rule.')
})

test('a check that disagrees is never folded; the fold opens', async () => {
  const element = await evidence([...Array.from({ length: 8 }, () => check(true)), check(false)])
  expect(all(element, '.checks li')).toHaveLength(7)
  expect(all(element, '.mark').map(({ textContent }) => textContent)).toContain('✗')
  const fold = one(element, '[data-id="unfold-checks"]')
  expect(fold?.textContent).toBe('2 more agree')
  fold?.click()
  await until(() => all(element, '.checks li').length === 9)
})
