import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPage, PageBuildError } from '../../src/page/build.ts'
import { FIXTURE, servePage } from './browser.ts'

describe('Building the page', () => {
  test('the same sources are built once', async () => {
    const first = await buildPage({ content: FIXTURE, development: true })
    const second = await buildPage({ content: FIXTURE, development: true })
    expect(second).toEqual({ dir: first.dir, cached: true })
  }, 120_000)

  test('components that need modules nobody provides fail the build, each named', async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'page-'))
    const missing = {
      label: '@salesforce/label/c.Absent',
      base: 'lightning/empApi',
      own: 'c/absent',
      other: 'left-pad',
    }
    for (const [name, module] of Object.entries(missing)) writeBundle(path.join(scratch, 'lwc'), name, module)
    try {
      const building = buildPage({
        content: { ...FIXTURE, components: path.join(scratch, 'lwc') },
        outDir: path.join(scratch, 'out'),
      })
      const failure: unknown = await building.catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(PageBuildError)
      for (const module of Object.values(missing))
        expect((failure as PageBuildError).output).toContain(module.split('/c.').at(-1))
    } finally {
      rmSync(scratch, { recursive: true })
    }
  }, 60_000)
})

function writeBundle(components: string, name: string, module: string): void {
  const bundle = path.join(components, name)
  mkdirSync(bundle, { recursive: true })
  const code = `import { x } from '${module}'\nimport { LightningElement } from 'lwc'\nexport default class Odd extends LightningElement { x = x }\n`
  writeFileSync(path.join(bundle, `${name}.js`), code)
  const meta = '<LightningComponentBundle><isExposed>true</isExposed></LightningComponentBundle>'
  writeFileSync(path.join(bundle, `${name}.js-meta.xml`), meta)
}

describe('Serving the page', () => {
  let org: Awaited<ReturnType<typeof servePage>>
  beforeAll(async () => {
    org = await servePage()
  }, 120_000)
  afterAll(() => org?.close())

  test.each([
    '/lightning',
    '/lightning/page/home',
    '/lightning/r/Account/001000000000001AAA/view',
    '/lightning/n/Missions',
  ])('%s is the page, under a policy without inline scripts or foreign connections', async (address) => {
    const answer = await fetch(org.url + address)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('<script type="module" src="/lightning/assets/main.js">')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'; script-src 'self'; ")
    expect(policy).toContain("connect-src 'self' http://localhost:4000; ")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('the design system comes from its package', async () => {
    const answer = await fetch(`${org.url}/lightning/assets/slds/slds2.cosmos.css`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  })

  test('an asset that is not there is not found, and is not the page', async () => {
    const answer = await fetch(`${org.url}/lightning/assets/chunks/none.js`)
    expect([answer.status, await answer.text()]).toEqual([404, 'Not Found'])
  })

  test('a request made under a foreign host name is refused', async () => {
    const { port } = new URL(org.url)
    const status = await new Promise((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port, path: '/lightning', headers: { host: 'evil.example' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      call.on('error', reject).end()
    })
    expect(status).toBe(421)
  })
})
