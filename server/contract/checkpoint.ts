import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { canonical, sha256Of } from './values/canonical.ts'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** Length and last link of one of a run's two chains: its journal, or the ledger of its rows. */
export const ChainHead = z.object({
  runId: z.string(),
  kind: z.enum(['journal', 'ledger']),
  entries: z.number().int().min(1),
  chain: Hash,
})
export type ChainHead = z.infer<typeof ChainHead>

/** What a signature covers: every chain that had grown since the checkpoint before, as one Merkle root. */
export const Checkpoint = z.object({
  orgId: z.string(),
  n: z.number().int().min(1),
  at: z.string(),
  /** Hash of the checkpoint before; null for the first. */
  previous: Hash.nullable(),
  heads: z.number().int().min(1),
  root: Hash,
  /** Name of the key that signs it; null in checkpoints from before keys had names. */
  key: Hash.nullable(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

/** What is signed, and what receipts in the org carry as their anchor. */
export function checkpointHash(checkpoint: Checkpoint): string {
  const { key, ...about } = Checkpoint.parse(checkpoint)
  return sha256Of({ ...about, ...(key !== null && { key }) })
}

/** Name of a key: SHA-256 over its public half. */
export function checkpointKeyName(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/** Text of a leaf. A journal's names no kind: checkpoints from before the ledger have such leaves only. */
function leafText({ runId, kind, entries, chain }: ChainHead): string {
  return canonical({ ...(kind === 'ledger' && { kind }), runId, entries, chain })
}

const orderOf = ({ runId, kind }: ChainHead) => `${runId} ${kind}`

/**
 * Root of the Merkle tree over the heads in order of run id and kind, built as RFC 6962 does: leaves and inner nodes are hashed under
 * different prefixes, so that neither can be passed off as the other. Throws RangeError without heads.
 */
export function merkleRoot(heads: readonly ChainHead[]): string {
  if (heads.length === 0) throw new RangeError('a checkpoint without heads has no root')
  return rootOf(leavesOf(heads)).toString('hex')
}

/** A neighbour on the way from a leaf to the root. */
export interface MerkleStep {
  side: 'left' | 'right'
  hash: string
}

/** The way from one head to the root, which reveals no other head. Throws RangeError for a head that is not among them. */
export function merklePath(heads: readonly ChainHead[], head: ChainHead): MerkleStep[] {
  const at = inOrder(heads).findIndex((each) => orderOf(each) === orderOf(head))
  if (at < 0) throw new RangeError('the head is not in this checkpoint')
  return pathOf(leavesOf(heads), at)
}

const inOrder = (heads: readonly ChainHead[]) => [...heads].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
const leavesOf = (heads: readonly ChainHead[]) => inOrder(heads).map((head) => node(0, leafText(head)))

/** Leaves of the left half of a tree: the largest power of two below its size. */
const leftOf = (size: number) => 2 ** Math.ceil(Math.log2(size) - 1)

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes
  if (first && hashes.length === 1) return first
  const left = leftOf(hashes.length)
  return node(1, rootOf(hashes.slice(0, left)), rootOf(hashes.slice(left)))
}

function pathOf(hashes: readonly Buffer[], at: number): MerkleStep[] {
  if (hashes.length === 1) return []
  const left = leftOf(hashes.length)
  const [low, high] = [hashes.slice(0, left), hashes.slice(left)]
  const step = (side: MerkleStep['side'], other: readonly Buffer[]) => ({ side, hash: rootOf(other).toString('hex') })
  return at < left ? [...pathOf(low, at), step('right', high)] : [...pathOf(high, at - left), step('left', low)]
}

function node(prefix: 0 | 1, ...parts: (string | Buffer)[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(prefix))
  for (const part of parts) hash.update(part)
  return hash.digest()
}
