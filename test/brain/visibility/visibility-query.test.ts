// Under which grants visibility is asked, and what happens when salesforce-mcp does not know them.
import { beforeEach, describe, expect, it } from 'vitest'
import { grantHash, type Grant } from '../../../server/contract/grant.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { visibilityQuery } from '../../../server/brain/visibility/visibility-query.ts'
import { grant } from '../../salesforce-mcp/signing.ts'
import { CORP, USERS } from '../decisions/acme.ts'
import { HandClock } from '../decisions/world.ts'

const second: Grant = { ...grant, version: 2 }
const hashes = [grant, second].map(grantHash)
const ASKED = { userId: USERS.rep, recordIds: [CORP], fields: [] }

/** A salesforce-mcp that knows what was opened, unless the register never held it. */
const opened = new Set<string>()
const lost = new Set<string>()
const calls: [tool: string, grants: unknown][] = []
let activated: Grant[]
let clock: HandClock
let error: string | null = null

const salesforce = {
  call: (tool: string, input: { grant?: Grant; grants?: string[] }) => {
    if (tool === 'openGrant' && input.grant) {
      calls.push([tool, input.grant.version])
      const hash = grantHash(input.grant)
      if (!lost.has(hash)) opened.add(hash)
      const code = error ?? (input.grant.version === 1 || lost.has(hash) ? 'inactive' : null)
      if (code) return Promise.reject(failed(code))
      return Promise.resolve({ grant: hash, until: '' })
    }
    calls.push([tool, input.grants])
    const unknown = (input.grants ?? []).filter((hash) => !opened.has(hash))
    const isSeen = input.grants?.some((hash) => opened.has(hash)) === true
    return Promise.resolve({ records: { [CORP]: isSeen }, fields: {}, unknown, calls: 0 })
  },
} as unknown as Salesforce

const failed = (code: string) =>
  new SalesforceError('openGrant', { code: code as 'inactive', message: code, orgCode: null, retryable: false })

let query: ReturnType<typeof visibilityQuery>
beforeEach(() => {
  opened.clear()
  lost.clear()
  calls.length = 0
  error = null
  activated = [second, grant]
  clock = new HandClock()
  const activatedGrants = () => Promise.resolve(activated.map((each) => ({ hash: grantHash(each), grant: each })))
  query = visibilityQuery({ salesforce, clock, store: { activatedGrants } })
})
const tools = () => calls.map(([tool]) => tool)

describe('visibility', () => {
  it('is asked under every version that was ever activated, and opens those that salesforce-mcp does not know', async () => {
    expect((await query(ASKED)).records).toEqual({ [CORP]: true })
    expect(calls).toEqual([
      ['checkVisibility', [...hashes].reverse()],
      ['openGrant', 2],
      ['openGrant', 1],
      ['checkVisibility', [...hashes].reverse()],
    ])
    calls.length = 0
    await query(ASKED)
    expect(tools()).toEqual(['checkVisibility'])
  })

  it('opens them after each start of salesforce-mcp, however soon it follows the one before', async () => {
    for (let start = 0; start < 3; start++) {
      opened.clear()
      expect((await query(ASKED)).records).toEqual({ [CORP]: true })
    }
    expect(tools().filter((tool) => tool === 'openGrant')).toHaveLength(6)
  })

  it('is nothing while no mission was activated, and is asked of no server', async () => {
    activated = []
    expect(await query(ASKED)).toEqual({ records: {}, fields: {} })
    expect(calls).toEqual([])
  })

  it('opens a grant that the register does not hold once in five minutes', async () => {
    lost.add(hashes[0] ?? '')
    await query(ASKED)
    expect(tools()).toEqual(['checkVisibility', 'openGrant', 'openGrant', 'checkVisibility'])
    await query(ASKED)
    expect(tools().slice(4)).toEqual(['checkVisibility'])
    clock.pass(301)
    await query(ASKED)
    expect(tools().slice(5)).toEqual(['checkVisibility', 'openGrant', 'checkVisibility'])
  })

  it('is an error while the register cannot be read, and is asked anew next time', async () => {
    error = 'unavailable'
    await expect(query(ASKED)).rejects.toMatchObject({ error: { code: 'unavailable' } })
    error = null
    opened.clear()
    expect((await query(ASKED)).records).toEqual({ [CORP]: true })
  })
})
