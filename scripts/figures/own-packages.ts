// Packages inside the repository: a folder of `server` with a package.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface OwnPackage {
  name: string
  folder: string
  exports: unknown
}

export function ownPackages(root: string): OwnPackage[] {
  const server = join(root, 'server')
  if (!existsSync(server)) return []
  return readdirSync(server).flatMap((folder) => {
    const path = join(server, folder, 'package.json')
    if (!existsSync(path)) return []
    const read = JSON.parse(readFileSync(path, 'utf8')) as { name: string; exports?: unknown; main?: string }
    return [{ name: read.name, folder: `server/${folder}`, exports: read.exports ?? read.main ?? null }]
  })
}

/** The path that a package's `exports` give for an import of it: exact entries, patterns with one star, conditions. */
export function targetIn({ name, exports }: OwnPackage, specifier: string): string | null {
  const subpath = `.${specifier.slice(name.length)}`
  if (exports === null) return subpath === '.' ? null : subpath
  if (typeof exports === 'string') return subpath === '.' ? exports : null
  for (const [pattern, target] of Object.entries(exports as Record<string, unknown>)) {
    if (pattern === subpath) return pathOf(target)
    const [before, after] = pattern.split('*') as [string, string?]
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue
    const star = subpath.slice(before.length, subpath.length - after.length)
    return pathOf(target)?.replaceAll('*', star) ?? null
  }
  return subpath === '.' ? pathOf(exports) : null
}

function pathOf(target: unknown): string | null {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return null
  const conditions = target as Record<string, unknown>
  return pathOf(conditions.import ?? conditions.node ?? conditions.default)
}
