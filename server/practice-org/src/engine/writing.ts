// What callers write to an org: each verb a logged step of a transaction.
import type { LeadConvertRequest, LeadConvertResult, MergeRequest, MergeResult } from '../org/row-calls.ts'
import type { Caller, WriteOptions } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import type { Core } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { rowErrors } from '../schema/refuse.ts'
import type { Transactions } from './transactions.ts'
import { convertLeadRecord } from '../write/convert-lead.ts'
import { createRecord } from '../write/create.ts'
import { deleteRecord } from '../write/delete.ts'
import { mergeRecords } from '../write/merge.ts'
import { purgeRecord } from '../write/recycle-bin.ts'
import { undeleteRecord } from '../write/undelete.ts'
import { updateRecord } from '../write/update.ts'
import { upsertRecord } from '../write/upsert.ts'

export class Writing {
  private readonly core: Core
  private readonly writes: Transactions
  private readonly runDue: () => void

  /** @param runDue runs later automation whose time has come: to be called before anything is changed */
  constructor(core: Core, writes: Transactions, runDue: () => void) {
    this.core = core
    this.writes = writes
    this.runDue = runDue
  }

  transaction<T>(caller: Caller, work: () => T): T {
    this.runDue()
    return this.writes.run(caller, work)
  }

  create(caller: Caller, object: string, fields: Record<string, Value>, options?: WriteOptions): string {
    this.runDue()
    const operation = { verb: 'create' as const, object: this.nameOf(object), id: null, fields }
    return this.writes.step(
      caller,
      operation,
      (write) => createRecord(write, object, fields, options),
      (id) => id,
    )
  }

  update(caller: Caller, object: string, id: string, fields: Record<string, Value>, options?: WriteOptions): void {
    this.runDue()
    const operation = { verb: 'update' as const, object: this.nameOf(object), id: normalizeId(id) ?? id, fields }
    this.writes.step(
      caller,
      operation,
      (write) => updateRecord(write, object, id, fields, options),
      () => null,
    )
  }

  upsert(
    caller: Caller,
    object: string,
    externalIdField: string,
    value: string,
    fields: Record<string, Value>,
    options?: WriteOptions,
  ): { id: string; created: boolean } {
    this.runDue()
    const target = upsertRecord(this.core, caller, object, externalIdField, value, fields)
    if (target.id === null) return { id: this.create(caller, object, target.fields, options), created: true }
    this.update(caller, object, target.id, target.fields, options)
    return { id: target.id, created: false }
  }

  upsertTarget(caller: Caller, object: string, externalIdField: string, value: string): string | null {
    return upsertRecord(this.core, caller, object, externalIdField, value, {}).id
  }

  delete(caller: Caller, object: string, id: string): void {
    this.runDue()
    const operation = { verb: 'delete' as const, object: this.nameOf(object), id: normalizeId(id) ?? id }
    this.writes.step(
      caller,
      operation,
      (write) => deleteRecord(write, object, id),
      () => null,
    )
  }

  undelete = (caller: Caller, id: string): void => this.withBinned('undelete', caller, id, undeleteRecord)
  purge = (caller: Caller, id: string): void => this.withBinned('purge', caller, id, purgeRecord)

  private withBinned(verb: 'undelete' | 'purge', caller: Caller, id: string, work: typeof undeleteRecord): void {
    this.runDue()
    const object = this.core.catalog.byPrefix(id)?.name ?? ''
    this.writes.step(
      caller,
      { verb, object, id: normalizeId(id) ?? id },
      (write) => work(write, id),
      () => null,
    )
  }

  merge(caller: Caller, request: MergeRequest): MergeResult {
    this.runDue()
    const fields = { ...request.fields, loserIds: request.loserIds.join(',') }
    const operation = { verb: 'merge' as const, object: this.nameOf(request.type), id: request.masterId, fields }
    try {
      return this.writes.step(
        caller,
        operation,
        (write) => mergeRecords(write, request),
        (result) => result.id,
      )
    } catch (error) {
      const errors = rowErrors(error)
      return {
        id: normalizeId(request.masterId) ?? request.masterId,
        success: false,
        mergedRecordIds: [],
        updatedRelatedIds: [],
        errors,
      }
    }
  }

  convertLead(caller: Caller, request: LeadConvertRequest): LeadConvertResult {
    this.runDue()
    const { leadId } = request
    const plain = Object.entries(request).filter(([name, value]) => name !== 'leadId' && typeof value !== 'object')
    const fields = Object.fromEntries(plain) as Record<string, Value>
    const operation = { verb: 'convertLead' as const, object: 'Lead', id: leadId, fields }
    try {
      return this.writes.step(
        caller,
        operation,
        (write) => convertLeadRecord(write, request),
        () => leadId,
      )
    } catch (error) {
      const errors = rowErrors(error)
      return { leadId, accountId: null, contactId: null, opportunityId: null, success: false, errors }
    }
  }

  private nameOf(object: string): string {
    return this.core.catalog.find(object)?.name ?? object
  }
}
