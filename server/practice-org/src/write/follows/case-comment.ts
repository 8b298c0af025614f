// Comments of a case that is saved with some: an org keeps them as a record of their own.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import type { Row } from '../../store/row.ts'
import { defaultRow } from '../checks/check.ts'

/** Makes a CaseComment of `Comments`, which is only a way in and never read back. */
export function keepComment(write: Write, object: ObjectDef, row: Row, changed: readonly string[]): void {
  if (object.name !== 'Case' || !row['Comments'] || !changed.includes('Comments')) return
  const comments = write.catalog.get('CaseComment')
  const id = write.store.nextId(comments)
  const [now, userId] = [write.now(), write.caller.userId]
  const comment: Row = {
    ...defaultRow(comments),
    Id: id,
    IsDeleted: 0,
    ParentId: row['Id'] ?? null,
    CommentBody: row['Comments'],
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  }
  write.store.insert(comments, comment)
  write.draft.change('CREATE', comments, id, Object.keys(comment), comment)
  write.store.update(object, String(row['Id']), { Comments: null })
  row['Comments'] = null
}
