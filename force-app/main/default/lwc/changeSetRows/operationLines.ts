import { formatLabel } from 'c/missionWords'
import { markInvisible } from 'c/visibleText'
import type { RecordRef } from '../../../../../server/contract/http.ts'
import { detailsOf } from './details'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Names } from './names'
import type { Operation } from './operations'
import { piecesOf, type Line, type Piece } from './pieces'

/** What an operation does, in one line; none for a kind that the page does not know. */
export function linesOf(operation: Operation, leaves: LeafIndex, names: Names): Line[] {
  const { at } = operation
  const pieces = sentenceOf(operation, leaves, names)
  if (!pieces) return []
  leaves.show(`${at}/kind`)
  const details = detailsOf(operation, leaves, names).map((text, key) => ({ key, text }))
  return [{ key: at, pieces, details }]
}

function sentenceOf(operation: Operation, leaves: LeafIndex, names: Names): Piece[] | null {
  const { at, kind, sets } = operation
  const object = kind === 'convertLead' ? operation.object : markInvisible(leaves.showText(`${at}/object`))
  const records = operation.recordPaths.map((path) => recordAt(path, object, leaves, names))
  const [own = hidden(object), ...others] = records
  const text = (path: string) => markInvisible(leaves.showText(`${at}/${path}`)) || labels.hidden
  switch (kind) {
    case 'update': {
      leaves.showIf(`${at}/fields`, {})
      const label = sets.length === 1 ? labels.updateOne : labels.updateMany
      return piecesOf(label, formatLabel('{0}', sets.length), object, own)
    }
    case 'create':
      leaves.showIf(`${at}/fields`, {})
      return piecesOf(labels.createRecord, object, text('key'))
    case 'delete':
      return piecesOf(labels.deleteRecord, object, own)
    case 'undelete':
      return piecesOf(labels.undeleteRecord, object, own)
    case 'changeOwner': {
      const [from, to] = ['from', 'to'].map((part) => recordAt(`${at}/${part}`, 'User', leaves, names))
      return piecesOf(labels.changeOwner, object, own, from ?? '', to ?? '')
    }
    case 'convertLead':
      return piecesOf(labels.convert, own)
    case 'merge':
      leaves.showIf(`${at}/fields`, {})
      return piecesOf(labels.merge, object, others, own)
    default:
      return null
  }
}

/** The record whose id a leaf holds; one without a name and id when the leaf is closed to the reader. */
function recordAt(path: string, object: string, leaves: LeafIndex, names: Names): RecordRef {
  const id = leaves.showText(path)
  return id === '' ? hidden(object) : names.ref(object, markInvisible(id))
}

const hidden = (object: string): RecordRef => ({ object, id: '', name: labels.hidden })
