// Times, keys and ids of calls, by salesforce-mcp's clock.
import { beforeEach, describe, expect, it } from 'vitest'
import { CALL_SECONDS, CHALLENGE_MS, salesforceMcpName, Scope } from '../../../server/contract/call-token.ts'
import { signCall } from '../../../server/brain/adapters/salesforce/signed-fetch.ts'
import { CallCheck } from '../../../server/salesforce-mcp/door/call-check.ts'
import { Challenges } from '../../../server/salesforce-mcp/door/challenges.ts'
import { UsedIds } from '../../../server/salesforce-mcp/door/used-ids.ts'
import { newCaller, type Known } from './door-keys.ts'
import { ORG_ID } from '../signing.ts'

const asked = { method: 'POST', url: 'http://127.0.0.1:4600/mcp', body: '{}' }
const [web, first, second] = [newCaller('web'), newCaller('worker-1'), newCaller('worker-2')]
let time: number
let challenges: Challenges
let check: CallCheck
const now = () => new Date(time)

/** salesforce-mcp as it is started. */
function start(callers = [web, first, second]): void {
  challenges = new Challenges(now)
  const listed = callers.map((each) => each.listed)
  check = new CallCheck({ audience: salesforceMcpName(ORG_ID), callers: listed, challenges, now })
}
beforeEach(() => {
  time = Date.now()
  start()
})

const challenge = () => ({ text: challenges.next(), at: performance.now() })
const tokenOf = async (known: Known, given = challenge()) => (await signCall(known.calling, asked, given)).token
const taken = (token: string) => check.check({ authorization: `Bearer ${token}`, method: asked.method, url: asked.url })

describe('a token', () => {
  it('is taken once, and only for a minute', async () => {
    const [token, late] = [await tokenOf(web), await tokenOf(web)]
    expect(await taken(token)).toMatchObject({ caller: 'web', scopes: new Set(Scope.options) })
    await expect(taken(token)).rejects.toMatchObject({ status: 401, message: 'the token was used before' })
    time += (CALL_SECONDS + 10) * 1000
    await expect(taken(late)).rejects.toMatchObject({ status: 401 })
    await expect(taken(token)).rejects.toMatchObject({ status: 401 })
    expect(await taken(await tokenOf(web))).toMatchObject({ caller: 'web' })
  })

  it('is of one worker: another’s differs, and neither key makes the other’s', async () => {
    const given = challenge()
    const [one, other] = [await tokenOf(first, given), await tokenOf(second, given)]
    expect(one).not.toBe(other)
    const stolen = { ...second, calling: { ...second.calling, caller: { ...second.calling.caller, name: 'worker-1' } } }
    await expect(taken(await tokenOf(stolen))).rejects.toMatchObject({ status: 401 })
    expect([(await taken(one)).caller, (await taken(other)).caller]).toEqual(['worker-1', 'worker-2'])
  })

  it('answers a challenge of this start, five minutes old at most', async () => {
    const given = challenge()
    time += CHALLENGE_MS + 1
    // The time goes by for its caller as well.
    const later = { text: given.text, at: given.at - CHALLENGE_MS - 1 }
    await expect(taken(await tokenOf(web, later))).rejects.toMatchObject({
      message: 'the token answers no open challenge',
    })
    const before = await tokenOf(web)
    start()
    await expect(taken(before)).rejects.toMatchObject({ message: 'the token answers no open challenge' })
  })

  it('is taken whatever its caller’s own clock says', async () => {
    time += 600_000
    expect(await taken(await tokenOf(web))).toMatchObject({ caller: 'web' })
    time -= 2_000_000
    start()
    expect(await taken(await tokenOf(web))).toMatchObject({ caller: 'web' })
  })
})

describe('a key', () => {
  it('is used up to its end, and work goes on with the next one', async () => {
    const next = newCaller('web')
    start([web, next])
    expect(await taken(await tokenOf(web))).toMatchObject({ caller: 'web' })
    time = web.listed.notAfter
    await expect(taken(await tokenOf(web))).rejects.toMatchObject({ status: 401, message: 'the key is not in use now' })
    const renewed = newCaller('web', Scope.options, { notAfter: time + 86_400_000 })
    check.accept([renewed.listed])
    expect(await taken(await tokenOf(renewed))).toMatchObject({ caller: 'web' })
    await expect(taken(await tokenOf(web))).rejects.toMatchObject({ message: 'the token names no key of a caller' })
  })
})

describe('used ids', () => {
  it('are kept until they end, as many as there is room for, and none is forgotten early', () => {
    const used = new UsedIds(3)
    expect(['a', 'b', 'c'].map((id) => used.take(id, 1_000, 0))).toEqual(['new', 'new', 'new'])
    expect([used.take('d', 1_000, 500), used.take('a', 1_000, 500)]).toEqual(['full', 'used'])
    expect([used.take('d', 2_000, 1_001), used.take('a', 2_000, 1_001), used.size]).toEqual(['new', 'new', 2])
  })
})
