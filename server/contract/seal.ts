import { z } from 'zod'
import { canonical, sha256 } from './values/canonical.ts'
import { SealedDocument } from './change-set.ts'
import { SalesforceId } from './values/ids.ts'
import { type FieldValue } from './values/field-value.ts'

type Scalar = FieldValue | number

/** One salted value of a sealed document; `path` is a JSON pointer into it. */
export interface OpenLeaf {
  path: string
  salt: string
  value: Scalar | [] | Record<string, never>
}
/** The same leaf with its value withheld: it still counts in the digest. */
interface ClosedLeaf {
  path: string
  commitment: string
}
export type Leaf = OpenLeaf | ClosedLeaf

const Scalar = z.union([z.string().max(131_072), z.number(), z.boolean(), z.null(), z.tuple([]), z.strictObject({})])
const Path = z.string().max(1000)
export const Leaf = z.union([
  z.strictObject({ path: Path, salt: z.string().min(22).max(64), value: Scalar }),
  z.strictObject({ path: Path, commitment: z.string().regex(/^[0-9a-f]{64}$/) }),
])

const escape = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescape = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~')

type Json = Scalar | Json[] | { [key: string]: Json }

function* leavesOf(value: Json, path: string): Generator<[string, OpenLeaf['value']]> {
  if (value === null || typeof value !== 'object') return yield [path, value]
  const entries = Object.entries(value)
  if (entries.length === 0) return yield [path, Array.isArray(value) ? [] : {}]
  for (const [key, child] of entries) yield* leavesOf(child, `${path}/${escape(key)}`)
}

/**
 * The base values as the leaves have them: a list in the order of the ids. A closed leaf shows its path, so no record's id may be
 * part of one.
 */
export function listedBase(base: SealedDocument['base']): { id: string; at: string }[] {
  return Object.entries(base)
    .map(([id, at]) => ({ id, at }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
const ListedBase = z.object({ base: z.array(z.strictObject({ id: SalesforceId, at: z.string() })) })

/** Opens a document into salted leaves, ordered by path. `salt` must give at least 128 random bits as text, anew per call. */
export function openLeaves(document: SealedDocument, salt: (path: string) => string): OpenLeaf[] {
  const listed = { ...document, base: listedBase(document.base) }
  return [...leavesOf(listed as unknown as Json, '')]
    .map(([path, value]) => ({ path, salt: salt(path), value }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** SHA-256 over the canonical JSON of `[salt, path, value]`. */
export function commitment(leaf: OpenLeaf): string {
  return sha256(canonical([leaf.salt, leaf.path, leaf.value]))
}

/** Withholds a leaf's value. */
export function close(leaf: OpenLeaf): ClosedLeaf {
  return { path: leaf.path, commitment: commitment(leaf) }
}

/**
 * The digest people approve: SHA-256 over the canonical JSON of `["missions-change-set-v1", [path, commitment]…]`,
 * leaves ordered by path (UTF-16 code units). Open and closed leaves may be mixed freely.
 */
export function digestOf(leaves: readonly Leaf[]): string {
  const pairs = leaves.map((leaf) => [leaf.path, 'commitment' in leaf ? leaf.commitment : commitment(leaf)] as const)
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  return sha256(canonical(['missions-change-set-v1', ...pairs]))
}

/**
 * Rebuilds the document from open leaves and parses it.
 * Throws ZodError when leaves are missing, doubled or not a change set.
 */
export function documentOf(leaves: readonly OpenLeaf[]): SealedDocument {
  const tree = treeOf(leaves)
  const { base } = ListedBase.parse(tree)
  const byId = new Map(base.map(({ id, at }) => [id, at]))
  if (byId.size < base.length) throw new TypeError('a record has two base values')
  return SealedDocument.parse({ ...(tree as object), base: Object.fromEntries(byId) })
}

function treeOf(leaves: readonly OpenLeaf[]): unknown {
  const root: { value?: unknown } = {}
  const nodes = new Map<string, Record<string, unknown>>()
  const paths = new Set<string>()
  for (const { path, value } of leaves) {
    if (paths.has(path)) throw new TypeError(`leaf ${path} appears twice`)
    paths.add(path)
    place(nodes, path, value)
  }
  root.value = nodes.get('')
  return arrays(root.value)
}

function place(nodes: Map<string, Record<string, unknown>>, path: string, value: unknown): void {
  const cut = path.lastIndexOf('/')
  const parentPath = path.slice(0, cut)
  let parent = nodes.get(parentPath)
  if (!parent) {
    parent = Object.create(null) as Record<string, unknown>
    nodes.set(parentPath, parent)
    if (parentPath !== '') place(nodes, parentPath, parent)
  }
  parent[unescape(path.slice(cut + 1))] = value
}

/** Objects whose keys are 0…n-1 are the document's arrays: API names never are numbers. */
function arrays(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const keys = Object.keys(value)
  const entries = keys.map((key) => [key, arrays((value as Record<string, unknown>)[key])] as const)
  const isArray = keys.length > 0 && keys.every((key) => /^\d+$/.test(key))
  if (!isArray) return Object.fromEntries(entries)
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child)
}
