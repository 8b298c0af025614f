import { expect, it } from 'vitest'
import { canonical } from '../../../server/contract/values/canonical.ts'
import { withLets } from '../../../server/brain/phases/given/given.ts'
import type { Given } from '../../../server/brain/questions/asking/question.ts'

it('a name is worked out after those it uses, although a stored definition keeps names by alphabet', () => {
  const written = { zone: "lead.City + '!'", area: "zone + '?'", label: 'area + zone' }
  const stored = JSON.parse(canonical(written)) as typeof written
  expect(Object.keys(stored)[0]).toBe('area')
  const given = {
    variables: { lead: { kind: 'one', members: ['City'] } },
    values: { lead: { City: 'Rome' } },
    sources: {},
    setting: { today: '2026-11-30' },
  } as unknown as Given
  expect(withLets(given, stored).values).toMatchObject({ zone: 'Rome!', area: 'Rome!?', label: 'Rome!?Rome!' })
})
