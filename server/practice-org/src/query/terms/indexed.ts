// Which filters an index helps.
import type { FieldDef, ObjectDef } from '../../schema/catalog.ts'
import { hasIndex } from '../../store/store.ts'
import type { Tree } from './conditions.ts'

/**
 * Whether an index finds the rows of a filter, or more rows among which they are, without reading the table.
 *
 * @param has the fields that have one
 */
export function usesIndex(object: ObjectDef, tree: Tree, has: (field: FieldDef) => boolean = hasIndex): boolean {
  if (tree.kind === 'not') return false
  if (tree.kind === 'comparison') {
    const { field, operator, values } = tree.comparison
    if (operator === 'LIKE' && /^'[%_]/.test(values[0] ?? '')) return false
    const found = object.byName.get((field ?? '').toLowerCase())
    return found !== undefined && has(found) && operator !== '!=' && operator !== 'NOT IN'
  }
  const some = (part: Tree): boolean => usesIndex(object, part, has)
  return tree.kind === 'and' ? tree.parts.some(some) : tree.parts.every(some)
}

/** The parts of a filter that an index helps, all of which its rows fulfil. */
export function indexedParts(object: ObjectDef, tree: Tree): Tree[] {
  const parts = tree.kind === 'and' ? tree.parts : [tree]
  return parts.filter((part) => usesIndex(object, part))
}
