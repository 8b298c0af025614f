// Sealing a change set: the document people approve, its salted leaves, its digest.
import { sha256Of } from '../../contract/values/canonical.ts'
import type { SealedDocument } from '../../contract/change-set.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import { digestOf, openLeaves, type OpenLeaf } from '../../contract/seal.ts'
import type { ChangeSetVersion } from '../domain/decision.ts'

interface Sealed {
  leaves: OpenLeaf[]
  digest: string
}

/** Paths of a document's leaves, in the order of the seal. */
export function leafPaths(document: SealedDocument): string[] {
  return openLeaves(document, () => '').map(({ path }) => path)
}

/** Salts a document: `salts` gives 128 random bits for each path, anew for each version. */
export function sealDocument(document: SealedDocument, salts: Readonly<Record<string, string>>): Sealed {
  const leaves = openLeaves(document, (path) => {
    const salt = salts[path]
    if (!salt) throw new TypeError(`no salt for ${path}`)
    return salt
  })
  return { leaves, digest: digestOf(leaves) }
}

/** Names a document in the journal without repeating it. */
export function documentName(document: SealedDocument): string {
  return sha256Of(document)
}

/** Text values of the leaves under a path, e.g. the editors. */
export function openLeafText(changeSet: Pick<ChangeSetVersion, 'leaves'>, under: string): FieldValue[] {
  return changeSet.leaves.flatMap(({ path, value }) =>
    path.startsWith(`${under}/`) && typeof value === 'string' ? [value] : [],
  )
}
