// Metadata files in source format, as one element of text each.
import { XMLParser } from 'fast-xml-parser'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Elements that may occur more than once. */
const LISTS = new Set([
  'classAccesses',
  'customPermissions',
  'fieldPermissions',
  'objectPermissions',
  'userPermissions',
  'value',
])

const parser = new XMLParser({ parseTagValue: false, isArray: (name) => LISTS.has(name) })

export interface MetadataFile {
  /** The file's name without its ending. */
  name: string
  /** The root element. */
  root: unknown
}

/** The files of a folder whose names end in `.<kind>-meta.xml`, by name. Throws Error when one has another root than `root`. */
export function metadataFiles(folder: string, kind: string, root: string): MetadataFile[] {
  if (!existsSync(folder)) return []
  const ending = `.${kind}-meta.xml`
  return globSync(`*${ending}`, { cwd: folder })
    .sort()
    .map((file) => {
      const parsed = parser.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
      if (!(root in parsed)) throw new Error(`${file} is no ${root}`)
      return { name: basename(file, ending), root: parsed[root] }
    })
}
