// Builds the Lightning page: bundles the deployed components and the shell around them once per state of their sources.
import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageContent } from '../content/content.ts'
import type { BundleJob } from './bundler/bundle.ts'
import { fingerprint } from './bundler/fingerprint.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../..')
const KEPT_BUILDS = 8
const ABANDONED_AFTER_MS = 3_600_000

export interface BuildOptions {
  /** Where builds are kept, one folder per state of the sources. Default: `.cache/page` in this package. */
  outDir?: string
  /** Build with the engine's own usage checks switched on. */
  development?: boolean
  /** Components, labels and people of the page. */
  content: PageContent
}

/** The bundler refused the sources; `output` is what it printed. */
export class PageBuildError extends Error {
  override readonly name = 'PageBuildError'
  readonly output: string
  constructor(output: string) {
    super(`The Lightning page could not be built.\n${output}`)
    this.output = output
  }
}

/**
 * Returns the folder of a finished build, made now (about ten seconds) or found from an earlier call with the same
 * sources. Concurrent calls are safe: a build becomes visible by one rename. Throws PageBuildError.
 */
export async function buildPage(options: BuildOptions): Promise<{ dir: string; cached: boolean }> {
  const { content } = options
  const { people, app, utility, record } = content
  const page = { people, app, utility, record }
  const components = content.components ?? path.join(here, 'no-components')
  const labels = content.labels ?? path.join(here, 'no-labels')
  const outDir = options.outDir ?? path.join(root, '.cache/page')
  const development = options.development ?? false
  const sources = [
    components,
    labels,
    path.join(here, 'client'),
    path.join(here, 'bundler'),
    path.join(root, 'package.json'),
  ]
  const dir = path.join(
    outDir,
    await fingerprint(sources, `${development ? 'development' : 'production'} ${JSON.stringify(page)}`),
  )
  if (existsSync(dir)) return { dir, cached: true }

  await fs.mkdir(outDir, { recursive: true })
  const unfinished = await fs.mkdtemp(path.join(outDir, '.unfinished-'))
  try {
    await bundle({
      components,
      labels,
      page,
      client: path.join(here, 'client'),
      outDir: unfinished,
      development,
    })
    await fs.copyFile(path.join(here, 'client/index.html'), path.join(unfinished, 'index.html'))
    await fs.copyFile(path.join(here, 'client/page.css'), path.join(unfinished, 'page.css'))
    await publish(unfinished, dir)
  } finally {
    await fs.rm(unfinished, { recursive: true, force: true })
  }
  await forgetOldBuilds(outDir, dir)
  return { dir, cached: false }
}

function bundle(job: BundleJob): Promise<void> {
  const child = spawn(process.execPath, [path.join(here, 'bundler/bundle.ts'), JSON.stringify(job)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Vite reads NODE_ENV before it reads `mode`; a test runner's value must not leak into the page.
    env: { ...process.env, NODE_ENV: job.development ? 'development' : 'production' },
  })
  // A parent that ends while building takes the build with it.
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  child.once('close', () => process.off('exit', stop))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new PageBuildError(output.trim()))))
  })
}

/** A rename onto a folder that another process has published meanwhile fails; theirs has the same sources, so it serves. */
async function publish(unfinished: string, dir: string): Promise<void> {
  await fs.rename(unfinished, dir).catch((error: unknown) => {
    if (!existsSync(dir)) throw error
  })
}

/** Removes builds that newer ones have replaced, and what a killed build left behind. */
async function forgetOldBuilds(outDir: string, current: string): Promise<void> {
  const names = (await fs.readdir(outDir)).filter((name) => /^([0-9a-f]{32}|\.unfinished-.+)$/.test(name))
  const ages = names.map(async (name) => {
    const dir = path.join(outDir, name)
    // Another process may have removed it between the two calls.
    const at = await fs.stat(dir).then(
      (stat) => stat.mtimeMs,
      () => 0,
    )
    return { dir, at, finished: !name.startsWith('.') }
  })
  const all = (await Promise.all(ages)).sort((a, b) => b.at - a.at)
  const newest = all.find(({ dir }) => dir === current)?.at ?? 0
  const replaced = all.filter(({ finished }) => finished).slice(KEPT_BUILDS)
  const abandoned = all.filter(({ finished, at }) => !finished && at < newest - ABANDONED_AFTER_MS)
  const gone = [...replaced, ...abandoned].filter(({ dir }) => dir !== current)
  await Promise.all(gone.map(({ dir }) => fs.rm(dir, { recursive: true, force: true })))
}
