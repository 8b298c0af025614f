import { transformSync } from '@lwc/compiler'
import { glob, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Finding } from './finding.ts'

const API_VERSION = 66

/** Compiles each bundle of a staged package as an org does: script, template and style, and the names it imports. */
export async function checkComponents(folder: string): Promise<Finding[]> {
  const findings: Finding[] = []
  const files = (await Array.fromAsync(glob('lwc/*/*', { cwd: folder }))).sort()
  const bundles = new Set(files.map((file) => basename(dirname(file))))
  for (const bundle of bundles) {
    for (const ending of ['.js', '.js-meta.xml']) {
      const main = join('lwc', bundle, bundle + ending)
      if (!files.includes(main)) findings.push({ file: main, message: 'is missing' })
    }
  }
  for (const file of files.filter((name) => /\.(js|html|css)$/.test(name))) {
    const source = await readFile(join(folder, file), 'utf8')
    findings.push(...compile(file, source))
    if (file.endsWith('.js')) findings.push(...foreignImports(file, source, bundles))
  }
  return findings
}

function compile(file: string, source: string): Finding[] {
  const options = {
    namespace: 'c',
    name: basename(dirname(file)),
    apiVersion: API_VERSION,
    enableDynamicComponents: true,
  }
  try {
    const { warnings = [] }: { warnings?: { message: string }[] } = transformSync(source, file, options)
    return warnings.map(({ message }) => ({ file, message }))
  } catch (error) {
    return [{ file, message: error instanceof Error ? error.message : String(error) }]
  }
}

const IMPORT = /^(?:import|export)\s[\w\s{},*$]*\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm
const PLATFORM = /^(lwc$|lightning\/|@salesforce\/)/

/** Imports that no org resolves: files outside the bundle, bundles that do not exist. */
function foreignImports(file: string, source: string, bundles: ReadonlySet<string>): Finding[] {
  const names = [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '')
  const isKnown = (name: string) =>
    /^\.\/\w+$/.test(name) || PLATFORM.test(name) || (name.startsWith('c/') && bundles.has(name.slice(2)))
  return names
    .filter((name) => !isKnown(name))
    .map((name) => ({ file, message: `imports ${name}, which no org provides` }))
}
