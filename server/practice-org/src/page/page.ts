// The Lightning page of the practice org: serves the built shell and the assets it takes from packages, under an org's content security policy.
import { createRequire } from 'node:module'
import path from 'node:path'
import express from 'express'
import { ASSETS_PATH } from './bundler/assets-path.ts'
import { pageHeaders } from './page-headers.ts'

export interface PageContext {
  /** Origins besides its own that the page may call. */
  trustedUrls: readonly string[]
  /** A folder that `buildPage` returned. */
  pageDir: string
  /** Where the org is served. */
  orgUrl: string
}

const require = createRequire(import.meta.url)
const styles = path.join(
  path.dirname(require.resolve('@salesforce-ux/design-system-2/package.json')),
  'dist/css/bundled',
)

/** Serves `/lightning`, every address below it, and the page's assets. */
export function mountPage(app: express.Express, context: PageContext): void {
  const page = express.Router()
  page.use(pageHeaders(context))
  page.use(`${ASSETS_PATH}slds`, express.static(styles, { index: false, maxAge: '1d' }))
  page.use(
    `${ASSETS_PATH}chunks`,
    express.static(`${context.pageDir}/chunks`, { index: false, immutable: true, maxAge: '1y' }),
  )
  // The entry keeps its name from build to build, so a browser has to ask again.
  page.use(ASSETS_PATH, express.static(context.pageDir, { index: false, maxAge: 0 }))
  page.use(ASSETS_PATH, (_request, response) => void response.sendStatus(404))
  // Every address of the page is one document; its script reads the address.
  page.get(/^\/lightning(\/.*)?$/, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: context.pageDir })
  })
  app.get('/', (_request, response) => response.redirect('/lightning/page/home'))
  app.use(page)
}
