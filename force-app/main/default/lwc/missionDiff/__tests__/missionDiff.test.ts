import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { changeSetOf } from 'c/changeSetRows'
import type { RowGroup } from 'c/changeSetRows'
import MissionDiff from 'c/missionDiff'
import { createElement } from 'lwc'
import { all, one, until } from '../../../../../test/brain'
import { described, open, row } from '../../../../../test/fixtures'

class EverythingInView {
  private readonly report: IntersectionObserverCallback
  constructor(report: IntersectionObserverCallback) {
    this.report = report
  }
  observe(target: Element): void {
    const entry = { target, isIntersecting: true } as unknown as IntersectionObserverEntry
    this.report([entry], this as unknown as IntersectionObserver)
  }
  disconnect(): void {}
}

beforeEach(() => {
  globalThis.IntersectionObserver = EverythingInView as unknown as typeof IntersectionObserver
})

afterEach(() => {
  document.body.replaceChildren()
  Reflect.deleteProperty(globalThis, 'IntersectionObserver')
})

function groupsOf(gated: number, others: number): RowGroup[] {
  const names = [...Array(gated + others).keys()].map((n) => `F${n}`)
  const rows = names.map((name, n) => row(name, n < gated ? 'gated' : 'change', '', ''))
  const leaves = [open('/operations/0/kind', 'update')].concat(
    names.flatMap((name) => [
      open(`/operations/0/fields/${name}/from`, 'a'),
      open(`/operations/0/fields/${name}/to`, 'b'),
    ]),
  )
  return changeSetOf(described(leaves, rows)).groups
}

function mount(groups: RowGroup[], mustTick = false, answerable = true) {
  const element = createElement('c-mission-diff', { is: MissionDiff })
  const seen = jest.fn<(event: Event) => void>()
  element.addEventListener('seen', seen)
  Object.assign(element, { groups, mustTick, answerable })
  document.body.appendChild(element)
  return { element, seen }
}

test('a gated row in view for a while counts as seen, and again in another version', async () => {
  const { element, seen } = mount(groupsOf(1, 1))
  await until(() => seen.mock.calls.length === 1)
  Object.assign(element, { groups: groupsOf(1, 2) })
  await until(() => seen.mock.calls.length === 2)
})

test('where rows must be ticked, looking is not enough', async () => {
  const { element, seen } = mount(groupsOf(1, 1), true)
  const box = await until(() => one(element, 'input') as HTMLInputElement | null)
  expect(seen).not.toHaveBeenCalled()
  box.checked = true
  box.dispatchEvent(new CustomEvent('change'))
  expect(seen).toHaveBeenCalledTimes(1)
})

test('gated rows are never folded; the fold says how many rows it keeps back and opens', async () => {
  const { element } = mount(groupsOf(9, 4))
  const fold = await until(() => one(element, '[data-id="unfold"]'))
  expect(all(element, 'li')).toHaveLength(9)
  expect(fold.textContent).toBe('Show 4 more')
  fold.click()
  await until(() => all(element, 'li').length === 13)
})

test('where there is no answer to give nothing asks to be ticked', () => {
  const { element } = mount(groupsOf(1, 0), true, false)
  expect(one(element, 'input')).toBeNull()
  expect(one(element, 'h3.group')?.textContent).toBe('Review required · 1')
})
