import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, REP, tokenOf } from '../../support/running-org.ts'
import { oauthOrg } from './sign-in.ts'

let org: PracticeOrg
let token: string
let userId: string
beforeAll(async () => {
  org = await oauthOrg()
  token = await tokenOf(org.url)
  userId = org.org.user(ADMIN)?.id ?? ''
})
afterAll(() => org.close())

const get = async (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
  const response = await fetch(`${org.url}${path}`, { headers })
  return { status: response.status, text: await response.text() }
}

describe('userinfo and the identity URL', () => {
  it('have every key an org sends', async () => {
    const info = JSON.parse((await get('/services/oauth2/userinfo')).text) as Record<string, unknown>
    const who = JSON.parse((await get(`/id/${org.orgId}/${userId}`)).text) as Record<string, unknown>
    expect(Object.keys(info)).toEqual(
      expect.arrayContaining(
        (
          'sub user_id organization_id preferred_username nickname name email email_verified given_name family_name ' +
          'zoneinfo photos profile picture address is_salesforce_integration_user urls active user_type language ' +
          'locale utcOffset updated_at is_app_installed custom_permissions'
        ).split(' '),
      ),
    )
    expect(Object.keys(who)).toEqual(
      expect.arrayContaining(
        (
          'id asserted_user user_id organization_id username nick_name display_name email first_name last_name ' +
          'timezone photos addr_street addr_city addr_state addr_country addr_zip mobile_phone status urls active ' +
          'user_type language locale utcOffset last_modified_date'
        ).split(' '),
      ),
    )
    expect(who['urls']).toEqual(info['urls'])
    expect(info['sub']).toBe(who['id'])
  })

  it('take the token by header, as oauth_token, and as access_token', async () => {
    const path = `/id/${org.orgId}/${userId}`
    const answers = [
      await get(path),
      await get(path, { authorization: `OAuth ${token}` }),
      await get(`${path}?format=json&oauth_token=${token}`, {}),
      await get(`${path}?access_token=${token}`, {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it('tell of another user of the org, and that a user is no longer active', async () => {
    const rep = org.org.user(REP)?.id ?? ''
    expect((await get(`/id/${org.orgId}/${rep}`)).text).toContain(REP)
    org.org.update({ userId, api: 'rest', version: '62.0' }, 'User', rep, { IsActive: false })
    expect(await get(`/id/${org.orgId}/${rep}`)).toEqual({ status: 404, text: 'Inactive' })
  })

  it.each([
    ['/services/oauth2/userinfo', {}, 403, 'Missing_OAuth_Token'],
    ['/services/oauth2/userinfo', { authorization: 'Bearer x' }, 403, 'Bad_OAuth_Token'],
    ['/id/00D000000000001EAA/005000000000001AAA', {}, 403, 'Missing_OAuth_Token'],
    ['/id/00D000000000001EAA/005000000000001AAA?oauth_token=x', {}, 403, 'Bad_OAuth_Token'],
    ['/id/00D000000000009EAA/005000000000001AAA', undefined, 403, 'Wrong_Org'],
    ['/id/00D000000000001EAA/0059ZZZZZZZZZZZAAA', undefined, 404, 'Bad_Id'],
    ['/id/00D000000000001EAA/admin@practice.example', undefined, 404, 'Bad_Id'],
  ])('refuse %s with %j by status %d and the word %s', async (path, headers, status, text) => {
    expect(await get(path, headers)).toEqual({ status, text })
  })
})
