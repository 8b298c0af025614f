import fs from 'node:fs/promises'
import path from 'node:path'
import { transformSync } from '@lwc/compiler'
import { transform as stripTypes } from 'esbuild'
import type { Plugin } from 'vite'
import { generateModule, type GeneratedSources } from './generated-module.ts'
import { existing, ModuleMap, type BundlePlace } from './module-map.ts'

const GENERATED = '\0practice:'
/** Names only an org can give meaning to: one that nothing here provides is a build error, never an empty module. */
const PLATFORM_NAME = /^(@salesforce|lightning|c|shell|practice:)[/:]?/
/** The right-to-left twins of the icon sets; the page is left to right, and they double the build. */
const RIGHT_TO_LEFT_ICONS = /^lightning\/iconSvgTemplates\w*Rtl$/
const API_VERSION = 66

/**
 * Compiles Lightning bundles unchanged for a page outside Salesforce.
 *
 * HTML and CSS of a bundle get an id ending in `.js`, or Vite's own html and css plugins would take them.
 */
export function lwcPlugin(sources: GeneratedSources): Plugin {
  const modules = new ModuleMap(sources)
  return {
    name: 'practice-lwc',
    enforce: 'pre',
    resolveId(name, importer) {
      const plain = name.replace(/\?.*$/, '')
      if (plain.startsWith('.')) return importer ? relative(plain, importer) : undefined
      if (path.isAbsolute(plain)) return undefined
      return named(plain, modules, sources) ?? refuseForeign(plain, importer, modules)
    },
    async load(id) {
      if (id.startsWith(GENERATED)) return generateModule(id.slice(GENERATED.length), sources) ?? 'export default {}'
      const file = templateFile(id)
      if (!file) return undefined
      // LWC imports a template and a stylesheet for every component, there or not.
      return fs.readFile(file, 'utf8').catch(() => '')
    },
    async transform(code, id) {
      if (id.startsWith('\0')) return undefined
      const file = templateFile(id) ?? id
      const place = modules.place(file)
      if (!place) return id.endsWith('.ts') ? { code: await plainJavaScript(code, file), moduleType: 'js' } : undefined
      return { code: await compile(code, file, place, this.warn.bind(this)), map: null, moduleType: 'js' }
    },
  }
}

/** `x.html.js` → `x.html` when the id is one of ours. */
function templateFile(id: string): string | undefined {
  return /\.(html|css)\.js$/.test(id) ? id.slice(0, -3) : undefined
}

function asId(file: string): string {
  return /\.(html|css)$/.test(file) ? `${file}.js` : file
}

function relative(name: string, importer: string): string | undefined {
  const target = path.resolve(path.dirname(importer), name)
  if (/\.(html|css)$/.test(target)) return asId(target)
  const file = /\.(ts|js)$/.test(target) ? target : existing(target)
  return file ? asId(file) : undefined
}

function named(name: string, modules: ModuleMap, sources: GeneratedSources): string | undefined {
  if (RIGHT_TO_LEFT_ICONS.test(name)) return GENERATED + name
  const file = modules.file(name)
  if (file) return asId(file)
  if (!PLATFORM_NAME.test(name)) return undefined
  if (generateModule(name, sources) === undefined) throw new Error(`Nothing provides the module ${name}`)
  return GENERATED + name
}

/** In an org a component can import nothing but `lwc` and platform modules, so a package that is installed here must not pass. */
function refuseForeign(name: string, importer: string | undefined, modules: ModuleMap): undefined {
  const place = name === 'lwc' || !importer ? undefined : modules.place(importer)
  if (place?.namespace === 'c') throw new Error(`c/${place.name} imports ${name}, which no org provides`)
}

async function plainJavaScript(code: string, file: string): Promise<string> {
  const { code: stripped } = await stripTypes(code, {
    loader: 'ts',
    sourcefile: file,
    target: 'esnext',
    // Decorators must reach the LWC compiler as they are.
    tsconfigRaw: {
      compilerOptions: { experimentalDecorators: false, useDefineForClassFields: true, verbatimModuleSyntax: true },
    },
  })
  return stripped
}

async function compile(code: string, file: string, place: BundlePlace, warn: (text: string) => void): Promise<string> {
  // An empty template would still render; the engine's own default template must be used instead.
  if (code === '' && /\.(html|css)$/.test(file)) return 'export default undefined'
  const source = file.endsWith('.ts') ? await plainJavaScript(code, file) : code
  try {
    const { code: compiled, warnings = [] } = transformSync(source, file, {
      ...place,
      apiVersion: API_VERSION,
      scopedStyles: file.endsWith('.scoped.css'),
      enableDynamicComponents: true,
      // Without it combobox and datatable crash under synthetic shadow.
      enableSyntheticElementInternals: true,
      enableStaticContentOptimization: true,
    })
    if (place.namespace !== 'lightning') for (const { message } of warnings) warn(`${file}: ${message}`)
    return compiled
  } catch (error) {
    // The bundler prints only the message of a plain error; the compiler's own class would lose it.
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
