// Stages the package: a copy with JavaScript in place of TypeScript, plus the generated metadata.
import { transform } from 'esbuild'
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { generatedMetadata } from './generated-metadata.ts'

/** The package inside the staging folder, which is a complete sf project. */
export const PACKAGE = join('force-app', 'main', 'default')

/** Empties and fills `into`, and returns the package folder in it. `root` is the repository; its sources are only read. */
export async function stage(root: string, into: string, brainUrl: string): Promise<string> {
  const target = join(into, PACKAGE)
  await rm(into, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  await cp(join(root, PACKAGE), target, { recursive: true, filter: isDeployed })
  await cp(join(root, 'sfdx-project.json'), join(into, 'sfdx-project.json'))
  for (const [file, text] of Object.entries(generatedMetadata(brainUrl))) await write(join(target, file), text)
  for await (const file of glob('lwc/*/*.ts', { cwd: join(root, PACKAGE) })) {
    if (file.endsWith('.d.ts')) continue
    const source = await readFile(join(root, PACKAGE, file), 'utf8')
    await write(join(target, file.replace(/\.ts$/, '.js')), await javaScript(source, file))
  }
  return target
}

/** An org accepts no TypeScript, and tests and editor settings are not for it. JavaScript is emitted here, never copied. */
function isDeployed(path: string): boolean {
  const isEmitted = path.includes(`${join('default', 'lwc')}`) && path.endsWith('.js')
  return (
    !isEmitted && !/\.ts$/.test(path) && !/^(__tests__|__mocks__|jsconfig\.json|tsconfig.*\.json)$/.test(basename(path))
  )
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** Strips types only: the LWC compiler compiles the decorators. */
async function javaScript(source: string, file: string): Promise<string> {
  const { code } = await transform(source, {
    loader: 'ts',
    sourcefile: file,
    target: 'esnext',
    tsconfigRaw: {
      compilerOptions: { experimentalDecorators: false, useDefineForClassFields: true, verbatimModuleSyntax: true },
    },
  })
  return code
}
