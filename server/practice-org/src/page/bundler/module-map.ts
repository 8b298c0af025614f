import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The folders a Lightning module name can lead to; absolute paths. */
export interface ModuleRoots {
  /** `c/x` → `<components>/x/x.ts`: the folder that is deployed as `lwc`. */
  components: string
  /** `shell/x` → `<client>/lwc/x/x.ts`; the stand-ins of `lightning/*` and `@salesforce/*` are in `<client>/platform`. */
  client: string
}

/** One bundle file's place: LWC compiles it under this namespace and name. */
export interface BundlePlace {
  namespace: string
  name: string
}

const ENDINGS = ['.ts', '.js', '.html', '.css']

/** Modules the platform itself provides and lightning-base-components does not; each is one file of `client/platform`. */
const STAND_INS: Record<string, string> = {
  '@salesforce/apex': 'refresh-apex.ts',
  '@salesforce/client/formFactor': 'form-factor.ts',
  '@salesforce/i18n/locale': 'locale.ts',
  '@salesforce/i18n/timeZone': 'time-zone.ts',
  '@salesforce/user/Id': 'user-id.ts',
  'lightning/navigation': 'navigation.ts',
  'lightning/platformShowToastEvent': 'toast-event.ts',
  'lightning/refresh': 'refresh.ts',
  'lightning/uiRecordApi': 'record-api.ts',
}

const baseRoot = path.dirname(createRequire(import.meta.url).resolve('lightning-base-components/package.json'))
const baseBundles = path.join(baseRoot, 'src/lightning')

/** Reads the names lightning-base-components declares in its package.json (`lwc.modules`): labels, locale, gates. */
function baseAliases(): Map<string, string> {
  const manifest = JSON.parse(fs.readFileSync(path.join(baseRoot, 'package.json'), 'utf8')) as {
    lwc: { modules: { name?: string; path?: string }[] }
  }
  const aliases = new Map<string, string>()
  for (const { name, path: file } of manifest.lwc.modules)
    if (name && file) aliases.set(name, path.join(baseRoot, file))
  return aliases
}

/** The first of `stem.ts`, `.js`, `.html`, `.css` that exists: TypeScript wins over the JavaScript that deploy emits beside it. */
export function existing(stem: string): string | undefined {
  return ENDINGS.map((ending) => stem + ending).find((file) => fs.existsSync(file))
}

/** Tells which file a Lightning module name means; the same names an org resolves. */
export class ModuleMap {
  readonly #roots: ModuleRoots
  readonly #aliases = baseAliases()

  constructor(roots: ModuleRoots) {
    this.#roots = roots
  }

  /** The file of `c/x`, `shell/x`, `lightning/x` or `@salesforce/…`; undefined when no file stands for that name. */
  file(name: string): string | undefined {
    const standIn = STAND_INS[name]
    if (standIn) return path.join(this.#roots.client, 'platform', standIn)
    const alias = this.#aliases.get(name)
    if (alias) return alias
    const [namespace, bundle] = name.split('/')
    const folder = this.#folder(namespace)
    return folder && bundle ? existing(path.join(folder, bundle, bundle)) : undefined
  }

  /** The bundle a file belongs to, or undefined when it is not part of a Lightning bundle. */
  place(file: string): BundlePlace | undefined {
    for (const namespace of ['c', 'shell', 'lightning']) {
      const folder = this.#folder(namespace)
      if (!folder || !file.startsWith(folder + path.sep)) continue
      const [name] = path.relative(folder, file).split(path.sep)
      return name ? { namespace, name } : undefined
    }
    return undefined
  }

  #folder(namespace: string | undefined): string | undefined {
    if (namespace === 'c') return this.#roots.components
    if (namespace === 'shell') return path.join(this.#roots.client, 'lwc')
    return namespace === 'lightning' ? baseBundles : undefined
  }
}
