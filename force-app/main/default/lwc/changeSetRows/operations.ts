import type { LeafIndex } from './leaves'

/** A value that an operation sets, by the leaves that hold it. */
export interface SetLeaf {
  field: string
  fromPath: string | null
  toPath: string
}

/** One operation as its leaves have it. */
export interface Operation {
  index: number
  /** `/operations/0` */
  at: string
  /** Empty when the leaf is closed or missing. */
  kind: string
  object: string
  /** Path of the leaf with the id of the record it changes; null for a record that is to be made. */
  ownPath: string | null
  /** Paths of ids of the records it changes or ends. */
  recordPaths: string[]
  sets: SetLeaf[]
}

const AT = /^\/operations\/(0|[1-9]\d*)\//
const TO = /^\/operations\/\d+\/fields\/([^/]+)\/to$/

/** The operations of a change set in their order. */
export function operationsOf(leaves: LeafIndex): Operation[] {
  const pathsByIndex = new Map<number, string[]>()
  for (const path of leaves.allPaths) {
    const index = AT.exec(path)?.[1]
    if (index === undefined) continue
    const paths = pathsByIndex.get(Number(index)) ?? []
    if (paths.push(path) === 1) pathsByIndex.set(Number(index), paths)
  }
  return [...pathsByIndex].sort(([a], [b]) => a - b).map(([index, paths]) => operation(index, paths, leaves))
}

function operation(index: number, paths: readonly string[], leaves: LeafIndex): Operation {
  const at = `/operations/${index}`
  const kind = leaves.textAt(`${at}/kind`)
  const ownPath = kind === 'create' ? null : `${at}/${kind === 'merge' ? 'survivor' : 'id'}`
  const losers = kind === 'merge' ? listed(`${at}/losers`, leaves) : []
  return {
    index,
    at,
    kind,
    object: kind === 'convertLead' ? 'Lead' : leaves.textAt(`${at}/object`),
    ownPath,
    recordPaths: ownPath === null ? [] : [ownPath, ...losers],
    sets: kind === 'changeOwner' ? [ownerSet(at)] : paths.flatMap((path) => fieldSet(at, kind, path)),
  }
}

/** Paths of a list's items, in their order. */
export function listed(path: string, leaves: LeafIndex): string[] {
  const found: string[] = []
  while (leaves.has(`${path}/${found.length}`)) found.push(`${path}/${found.length}`)
  return found
}

const ownerSet = (at: string): SetLeaf => ({ field: 'OwnerId', fromPath: `${at}/from`, toPath: `${at}/to` })

function fieldSet(at: string, kind: string, path: string): SetLeaf[] {
  const field = TO.exec(path)?.[1]
  if (field === undefined || !['update', 'create', 'merge'].includes(kind)) return []
  return [{ field, fromPath: kind === 'create' ? null : `${at}/fields/${field}/from`, toPath: path }]
}
