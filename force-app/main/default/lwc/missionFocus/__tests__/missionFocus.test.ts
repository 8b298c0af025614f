import { expect, test } from '@jest/globals'
import { focusRun, onFocus } from 'c/missionFocus'

test('a listener gets the run in focus at once and each change once, until it ends', () => {
  const first: string[] = []
  const second: string[] = []
  const endFirst = onFocus((id) => first.push(id))
  focusRun('r-1')
  focusRun('r-1')
  const endSecond = onFocus((id) => second.push(id))
  focusRun('r-2')
  endFirst()
  focusRun('r-3')
  expect([first, second]).toEqual([
    ['r-1', 'r-2'],
    ['r-1', 'r-2', 'r-3'],
  ])
  endSecond()
})

test('once nothing shows runs the focus is over', () => {
  const end = onFocus(() => undefined)
  focusRun('r-1')
  end()
  const later: string[] = []
  onFocus((id) => later.push(id))()
  expect(later).toEqual([])
})
