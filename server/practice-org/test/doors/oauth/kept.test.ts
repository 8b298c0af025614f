import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, form } from '../../support/running-org.ts'
import { Browser, CALLBACK, oauthOrg } from './sign-in.ts'

let dataDir: string
let org: PracticeOrg
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'practice-logins-'))
  org = await oauthOrg({ dataDir })
})
afterAll(async () => {
  await org.close()
  rmSync(dataDir, { recursive: true })
})

const web = { client_id: 'web', redirect_uri: CALLBACK, response_type: 'code' }

it('a log-in, a form that is open, a code and an approval outlive the process', async () => {
  const browser = await new Browser(org.url).authorize(web)
  const restart = async () => {
    await org.close()
    org = await oauthOrg({ dataDir })
    browser.org = org.url
  }
  await browser.logIn(ADMIN)
  await restart()
  await browser.allow()
  const { code = '' } = browser.answer
  await restart()
  const fields = { grant_type: 'authorization_code', client_id: 'web', client_secret: 'secret', redirect_uri: CALLBACK }
  const { status } = await form(`${org.url}/services/oauth2/token`, { ...fields, code })
  expect(status).toBe(200)
  // Signed in and approved: the person is asked for nothing.
  await browser.authorize(web)
  expect(browser.answer['code']).toMatch(/^aPrx/)
  const kept = readFileSync(join(dataDir, 'authorizations.sqlite'), 'latin1')
  expect(kept).not.toContain(code)
})
