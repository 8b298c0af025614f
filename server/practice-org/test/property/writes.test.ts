import fc from 'fast-check'
import { describe, it } from 'vitest'
import { openHouse } from '../support/engine-harness.ts'
import { action, nothingMade, perform } from './actions.ts'
import { eventsTellAll, historyIsComplete, noOrphans, nothingHiddenIsShown, relationsAgree } from './invariants.ts'

const RUNS = { numRuns: 30, interruptAfterTimeLimit: 10_000 }
const actions = fc.array(action, { minLength: 10, maxLength: 50, size: 'max' })

describe('whatever people create, change, merge, delete, undelete and purge', () => {
  it('leaves no orphan and no lost child, a complete history, true events, and nothing in sight that was hidden', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const house = openHouse()
        const made = nothingMade()
        for (const each of list) {
          perform(house, made, each)
        }
        noOrphans(house, made)
        relationsAgree(house)
        historyIsComplete(house)
        eventsTellAll(house)
        nothingHiddenIsShown(house)
        house.org.close()
      }),
      RUNS,
    )
  })
})
