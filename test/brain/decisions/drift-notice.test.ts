import { describe, expect, it } from 'vitest'
import type { Drift } from '../../../server/contract/tool-shapes.ts'
import { driftNotice } from '../../../server/brain/decisions/rebase.ts'
import { render, restsOn } from '../../../server/brain/domain/phrase.ts'
import { acmeProposal, CORP } from './acme.ts'

const drift = (by: string | null): Drift => ({
  id: CORP,
  object: 'Account',
  field: 'Phone',
  was: '1',
  now: '2',
  by,
  at: null,
})
const nothing = { record: () => false, field: () => false }

describe('the notice of a drift', () => {
  it('rests on the record that changed alone, and on no made-up user', () => {
    const { records } = restsOn(driftNotice(acmeProposal(), [drift('Dana Whit')]))
    expect(new Set(records.map(({ object, id }) => `${object} ${id}`))).toEqual(new Set([`Account ${CORP}`]))
  })

  it('names who changed the record also to a reader who may not see the record', () => {
    expect(render(driftNotice(acmeProposal(), [drift('Dana Whit')]), nothing)).toMatch(/^Dana Whit changed /)
    expect(render(driftNotice(acmeProposal(), [drift(null)]), nothing)).toMatch(/^A user changed /)
  })
})
