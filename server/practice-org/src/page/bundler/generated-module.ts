import fs from 'node:fs'
import path from 'node:path'
import { XMLParser } from 'fast-xml-parser'

/** What generated modules are made from; absolute paths. */
export interface GeneratedSources {
  /** The folder deployed as `lwc`. */
  components: string
  /** The browser code of the page. */
  client: string
  /** `CustomLabels.labels-meta.xml`; may be missing as long as no label is imported. */
  labels: string
  /** People, app and regions of the page. */
  page: object
}

/** The catalogue of exposed components, for the page to place on its regions. */
export const CATALOGUE = 'practice:components'

/** What the page offers besides the records. */
const PAGE = 'practice:page'

const xml = new XMLParser({ isArray: (name) => name === 'labels' || name === 'target', parseTagValue: false })

/**
 * The source of a module an org makes from metadata: Apex methods, labels, permissions, schema names.
 * Returns undefined for any other name; throws when the name is of a known kind but the metadata has no such entry.
 */
export function generateModule(name: string, sources: GeneratedSources): string | undefined {
  if (name === CATALOGUE) return catalogue(sources.components)
  if (name === PAGE) return `export const page = ${JSON.stringify(sources.page)}`
  const [kind, entry] = split(name)
  if (!kind || !entry) return undefined
  if (kind === 'apex') return call(sources, 'apex.ts', 'apexMethod', entry)
  if (kind === 'customPermission' || kind === 'userPermission')
    return call(sources, 'permissions.ts', 'permission', entry)
  if (kind === 'schema') return `export default ${JSON.stringify(schemaName(entry))}`
  if (kind === 'label' && entry.startsWith('c.')) return label(entry.slice(2), sources.labels)
  return undefined
}

function split(name: string): [string?, string?] {
  const match = /^@salesforce\/(apex|customPermission|userPermission|schema|label)\/(.+)$/.exec(name)
  return match ? [match[1], match[2]] : []
}

function call(sources: GeneratedSources, file: string, factory: string, argument: string): string {
  const from = JSON.stringify(path.join(sources.client, 'platform', file))
  return `import { ${factory} } from ${from}\nexport default ${factory}(${JSON.stringify(argument)})`
}

function schemaName(entry: string): { objectApiName: string; fieldApiName?: string } {
  const [objectApiName = '', ...field] = entry.split('.')
  return field.length > 0 ? { objectApiName, fieldApiName: field.join('.') } : { objectApiName }
}

function label(name: string, file: string): string {
  const document = fs.existsSync(file)
    ? (xml.parse(fs.readFileSync(file, 'utf8')) as {
        CustomLabels?: { labels?: { fullName: string; value: string }[] }
      })
    : {}
  const found = document.CustomLabels?.labels?.find((candidate) => candidate.fullName === name)
  if (!found) throw new Error(`No custom label c.${name} in ${path.basename(file)}`)
  return `export default ${JSON.stringify(found.value)}`
}

/** Lists every bundle whose metadata says it is exposed, with the targets it may be placed on. */
function catalogue(components: string): string {
  const entries = bundles(components).flatMap((name) => {
    const file = path.join(components, name, `${name}.js-meta.xml`)
    if (!fs.existsSync(file)) return []
    const meta = xml.parse(fs.readFileSync(file, 'utf8')) as {
      LightningComponentBundle?: { isExposed?: string; targets?: { target?: string[] } }
    }
    if (meta.LightningComponentBundle?.isExposed !== 'true') return []
    const targets = JSON.stringify(meta.LightningComponentBundle.targets?.target ?? [])
    return [`${JSON.stringify(name)}: { targets: ${targets}, load: () => import("c/${name}") }`]
  })
  return `export const components = {\n${entries.join(',\n')}\n}`
}

function bundles(components: string): string[] {
  if (!fs.existsSync(components)) return []
  const folders = fs.readdirSync(components, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map((entry) => entry.name).sort()
}
