// The child process that bundles the page: Vite and the LWC compiler take half a gigabyte that a server should not keep.
import path from 'node:path'
import { build } from 'vite'
import { z } from 'zod'
import { ASSETS_PATH } from './assets-path.ts'
import { lwcPlugin } from './lwc-plugin.ts'

/** What the parent sends as the one argument, as JSON; absolute paths. */
export const bundleJobShape = z.object({
  components: z.string(),
  client: z.string(),
  labels: z.string(),
  /** What the module `practice:page` gives. */
  page: z.looseObject({}),
  outDir: z.string(),
  development: z.boolean(),
})
export type BundleJob = z.infer<typeof bundleJobShape>

async function bundle(job: BundleJob): Promise<void> {
  const mode = job.development ? 'development' : 'production'
  await build({
    root: job.client,
    base: ASSETS_PATH,
    mode,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    // The plugin strips types itself; Vite's own transformer would compile the decorators first.
    oxc: false,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    plugins: [lwcPlugin(job)],
    build: {
      outDir: job.outDir,
      target: 'esnext',
      minify: !job.development,
      reportCompressedSize: false,
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: path.join(job.client, 'main.ts'),
        output: { entryFileNames: 'main.js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
}

if (import.meta.main) {
  // The parent decides what is shown; a failed build must end the child with its message on stderr.
  await bundle(bundleJobShape.parse(JSON.parse(process.argv[2] ?? '{}'))).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
