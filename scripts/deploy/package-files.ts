import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './finding.ts'
import { SHAPES } from './metadata-shapes.ts'

/** A parsed metadata file: text, or elements by name, always as lists. */
export type Element = string | { [name: string]: Element[] }

export interface PackageFiles {
  /** Every path below the package folder, sorted. */
  names: string[]
  /** The root element's children of each metadata file, by path. */
  metadata: Map<string, Element>
  findings: Finding[]
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  isArray: () => true,
})

/** Reads every metadata file of a package; malformed files and unknown elements are findings. */
export async function readPackage(folder: string): Promise<PackageFiles> {
  const found = await Array.fromAsync(glob('**/*.*', { cwd: folder }))
  const names = found.map((name) => name.replaceAll('\\', '/')).sort()
  const metadata = new Map<string, Element>()
  const findings: Finding[] = []
  for (const file of names.filter((name) => name.endsWith('-meta.xml'))) {
    const read = elementsOf(file, await readFile(join(folder, file), 'utf8'))
    if (typeof read === 'string') findings.push({ file, message: read })
    else metadata.set(file, read.children)
    if (typeof read !== 'string') findings.push(...read.findings.map((message) => ({ file, message })))
  }
  return { names, metadata, findings }
}

function elementsOf(file: string, xml: string): string | { children: Element; findings: string[] } {
  const valid = XMLValidator.validate(xml)
  if (valid !== true) return `line ${valid.err.line}: ${valid.err.msg}`
  const shape = Object.entries(SHAPES).find(([ending]) => file.endsWith(ending))?.[1]
  if (!shape) return 'is of a kind that this check does not know'
  const parsed = parser.parse(xml) as { [root: string]: Element[] }
  const children = parsed[shape.root]?.[0]
  if (children === undefined || typeof children === 'string') return `has no element ${shape.root}`
  const known = [...shape.required, ...shape.optional]
  return {
    children,
    findings: [
      ...shape.required.filter((name) => !(name in children)).map((name) => `has no ${name}`),
      ...Object.keys(children)
        .filter((name) => !known.includes(name))
        .map((name) => `has ${name}, which a ${shape.root} does not know`),
    ],
  }
}

/** Texts of the elements that a path of names leads to. */
export function texts(element: Element | undefined, ...path: string[]): string[] {
  if (element === undefined) return []
  const [name, ...rest] = path
  if (name === undefined) return typeof element === 'string' ? [element] : []
  return typeof element === 'string' ? [] : (element[name] ?? []).flatMap((child) => texts(child, ...rest))
}
