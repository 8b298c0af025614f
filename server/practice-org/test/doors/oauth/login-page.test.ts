import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../../src/compose.ts'
import { chromiumIsThere, seriousViolations } from '../../../../../test/browser/stage.ts'
import { openBrowser } from '../../page/browser.ts'
import { ADMIN } from '../../support/running-org.ts'
import { oauthOrg } from './sign-in.ts'

describe.skipIf(!chromiumIsThere())('the login pages in a browser', () => {
  let org: PracticeOrg
  let browser: Browser
  let client: Server
  let callback: string
  beforeAll(async () => {
    client = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end('<h1>Back at the client'))
    await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve))
    callback = `http://localhost:${(client.address() as AddressInfo).port}/callback`
    ;[org, browser] = await Promise.all([oauthOrg(), openBrowser()])
  }, 30_000)
  afterAll(async () => {
    await browser.close()
    await org.close()
    client.closeAllConnections()
    client.close()
  })

  async function arrive(scheme: 'http' | 'https'): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    const fields = { client_id: 'practice', redirect_uri: callback, response_type: 'code', state: 's' }
    const query = new URLSearchParams({ ...fields, prompt: 'consent' }).toString()
    await page.goto(`${scheme}://localhost:${org.port}/services/oauth2/authorize?${query}`)
    return { page, complaints }
  }

  it.each(['http', 'https'] as const)(
    'lead over %s, by keyboard alone, from a wrong password to the client, and harm nobody on the way',
    { timeout: 30_000 },
    async (scheme) => {
      const { page, complaints } = await arrive(scheme)
      expect(await seriousViolations(page)).toEqual([])
      await page.getByLabel('Username').fill(ADMIN)
      await page.getByLabel('Password').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await page.getByLabel('Password').fill('practice')
      await page.keyboard.press('Enter')
      const allow = page.getByRole('button', { name: 'Allow' })
      await allow.waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await allow.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Back at the client' }).waitFor()
      expect(page.url()).toMatch(/\/callback\?code=[\w-]+&state=s$/)
      expect(complaints.filter((text) => !/favicon|404/.test(text))).toEqual([])
      await page.context().close()
    },
  )
})
