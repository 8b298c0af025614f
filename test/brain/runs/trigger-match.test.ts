import { describe, expect, it } from 'vitest'
import { missionsFor, objectsWatched } from '../../../server/brain/runs/trigger-match.ts'
import { mission } from '../questions/same-entity/fake-context.ts'

describe('a change in the org', () => {
  const event = (object: string, changeType: string) => ({
    topic: `/data/${object}ChangeEvent`,
    replayId: '',
    object,
    changeType,
    changedFields: null,
    recordIds: [],
    client: null,
    at: '2026-11-20T10:00:00.000Z',
  })

  it.each([
    ['Lead', 'CREATE', ['duplicate-account-reconciliation']],
    ['Lead', 'UNDELETE', ['duplicate-account-reconciliation']],
    ['Lead', 'GAP_CREATE', ['duplicate-account-reconciliation']],
    ['Lead', 'UPDATE', []],
    ['Account', 'CREATE', []],
    ['Lead', 'GAP_OVERFLOW', []],
  ])('to a %s by %s starts %j', (object, type, names) => {
    expect(missionsFor(event(object, type), [mission]).map(({ mission: { name } }) => name)).toEqual(names)
  })

  it('starts a mission after its delay', () => {
    const delayed = {
      ...mission,
      definition: { ...mission.definition, trigger: [{ change: 'Lead.created', after: '5m' }] },
    }
    expect(missionsFor(event('Lead', 'CREATE'), [delayed])[0]?.afterSeconds).toBe(300)
  })

  it('is waited for only on objects that missions name', () => expect(objectsWatched([mission])).toEqual(['Lead']))
})
