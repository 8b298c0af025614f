import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Finding } from './finding.ts'
import { texts, type Element, type PackageFiles } from './package-files.ts'

/** References in metadata and components to nothing in the package: the org refuses the deployment, or the page stays empty. */
export async function checkReferences(folder: string, files: PackageFiles): Promise<Finding[]> {
  const has = (path: string) => files.names.includes(path)
  const findings: Finding[] = []
  for (const [file, element] of files.metadata) {
    for (const { target, what } of referencesOf(file, element)) {
      if (!has(target)) findings.push({ file, message: `names ${what}, which is not in the package` })
    }
  }
  return [
    ...findings,
    ...unpaired(files),
    ...unexposed(files),
    ...(await apexCalls(folder, files)),
    ...(await missingLabels(folder, files)),
  ]
}

interface Reference {
  target: string
  what: string
}

function referencesOf(file: string, element: Element): Reference[] {
  const to = (target: (name: string) => string, ...path: string[]): Reference[] =>
    texts(element, ...path).map((name) => ({ target: target(name), what: `${path.at(-1)} ${name}` }))
  if (file.endsWith('.permissionset-meta.xml')) {
    return [
      ...to((name) => `classes/${name}.cls`, 'classAccesses', 'apexClass'),
      ...to((name) => `applications/${name}.app-meta.xml`, 'applicationVisibilities', 'application'),
      ...to((name) => `tabs/${name}.tab-meta.xml`, 'tabSettings', 'tab'),
      ...to((name) => `customPermissions/${name}.customPermission-meta.xml`, 'customPermissions', 'name'),
      ...to(objectFile, 'objectPermissions', 'object').filter(({ target }) => isCustom(target)),
      ...to(fieldFile, 'fieldPermissions', 'field').filter(({ target }) =>
        isCustom(basename(target, '.field-meta.xml')),
      ),
    ]
  }
  if (file.endsWith('.flexipage-meta.xml')) {
    return to(componentFile, 'flexiPageRegions', 'itemInstances', 'componentInstance', 'componentName')
  }
  if (file.endsWith('.tab-meta.xml')) return to((name) => `flexipages/${name}.flexipage-meta.xml`, 'flexiPage')
  if (file.endsWith('.app-meta.xml')) {
    return [
      ...to((name) => `tabs/${name}.tab-meta.xml`, 'tabs').filter(({ what }) => !what.startsWith('tabs standard-')),
      ...to((name) => `flexipages/${name}.flexipage-meta.xml`, 'utilityBar'),
    ]
  }
  if (file.endsWith('.field-meta.xml')) return to(objectFile, 'referenceTo').filter(({ target }) => isCustom(target))
  if (file.endsWith('.md-meta.xml')) {
    const type = basename(file).split('.')[0] ?? ''
    return to((name) => fieldFile(`${type}__mdt.${name}`), 'values', 'field')
  }
  return []
}

const isCustom = (name: string) => /__(c|e|mdt)\b/.test(name)
const objectFile = (name: string) => `objects/${name}/${name}.object-meta.xml`
const fieldFile = (path: string) => path.replace(/^(\w+)\.(\w+)$/, 'objects/$1/fields/$2.field-meta.xml')
const componentFile = (name: string) => {
  const plain = name.replace(/^c:/, '')
  return `lwc/${plain}/${plain}.js-meta.xml`
}

/** Classes and their metadata come in pairs. */
function unpaired({ names }: PackageFiles): Finding[] {
  return names.flatMap((file) => {
    const other = file.endsWith('.cls') ? `${file}-meta.xml` : file.endsWith('.cls-meta.xml') ? file.slice(0, -9) : null
    return other === null || names.includes(other) ? [] : [{ file, message: `stands without ${basename(other)}` }]
  })
}

/** A page may hold only components that are exposed to pages of its kind. */
function unexposed({ metadata }: PackageFiles): Finding[] {
  return [...metadata].flatMap(([file, page]) => {
    if (!file.endsWith('.flexipage-meta.xml')) return []
    const [kind = ''] = texts(page, 'type')
    const names = texts(page, 'flexiPageRegions', 'itemInstances', 'componentInstance', 'componentName')
    return names.flatMap((name): Finding[] => {
      const component = metadata.get(componentFile(name))
      const isExposed = texts(component, 'isExposed')[0] === 'true'
      const isTarget = texts(component, 'targets', 'target').includes(`lightning__${kind}`)
      return isExposed && isTarget
        ? []
        : [{ file, message: `holds ${name}, which is not exposed to lightning__${kind}` }]
    })
  })
}

/** Custom labels that components import must be in the package. */
async function missingLabels(folder: string, { names, metadata }: PackageFiles): Promise<Finding[]> {
  const labels = [...metadata].filter(([file]) => file.endsWith('.labels-meta.xml'))
  const known = new Set(labels.flatMap(([, element]) => texts(element, 'labels', 'fullName')))
  const findings: Finding[] = []
  for (const file of names.filter((name) => /^lwc\/.*\.js$/.test(name))) {
    const source = await readFile(join(folder, file), 'utf8')
    for (const [, name = ''] of source.matchAll(/["']@salesforce\/label\/c\.(\w+)["']/g)) {
      if (!known.has(name)) findings.push({ file, message: `shows the label ${name}, which is not in the package` })
    }
  }
  return findings
}

/** Apex methods that components import must exist and be `@AuraEnabled`. */
async function apexCalls(folder: string, { names }: PackageFiles): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const file of names.filter((name) => /^lwc\/.*\.js$/.test(name))) {
    const source = await readFile(join(folder, file), 'utf8')
    for (const [, name = '', method = ''] of source.matchAll(/["']@salesforce\/apex\/(\w+)\.(\w+)["']/g)) {
      const code = await readFile(join(folder, 'classes', `${name}.cls`), 'utf8').catch(() => '')
      const isOffered = new RegExp(`@AuraEnabled[^;{}]*\\bstatic\\s+\\w+\\s+${method}\\s*\\(`).test(code)
      if (!isOffered) findings.push({ file, message: `calls ${name}.${method}, which no class offers to components` })
    }
  }
  return findings
}
