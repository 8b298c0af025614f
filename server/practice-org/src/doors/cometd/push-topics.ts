import { parseQuery } from '@jetstreamapp/soql-parser-js'
import { OrgError, type Caller, type EventDraft, type Org, type RecordChange } from '../../org/org.ts'
import type { RecordJson } from '../../org/values.ts'
import { soqlText } from '../../wire/rows/row.ts'
import { fieldsOfWhere } from '../../topics/push-topic-query.ts'
import { NEWEST_VERSION } from '../../org/api-versions.ts'

const TYPES: Record<RecordChange['type'], { type: string; flag: string }> = {
  CREATE: { type: 'created', flag: 'NotifyForOperationCreate' },
  UPDATE: { type: 'updated', flag: 'NotifyForOperationUpdate' },
  DELETE: { type: 'deleted', flag: 'NotifyForOperationDelete' },
  UNDELETE: { type: 'undeleted', flag: 'NotifyForOperationUndelete' },
}

/** An active PushTopic. */
export interface PushTopic {
  name: string
  /** What its query reads. */
  object: string
  query: string
  selected: string[]
  whereFields: string[]
  notifyForFields: string
  notifies: (type: RecordChange['type']) => boolean
}

/**
 * Turns committed changes into notifications of the PushTopics whose query they fit, from the moment a topic is created.
 * Topics are read again when one of them has changed, so that an org without any pays nothing.
 */
export class PushTopics {
  private readonly org: Org
  private known: PushTopic[] | undefined
  private systemId: string | undefined

  constructor(org: Org) {
    this.org = org
  }

  /** To be called when rows came and went other than by transactions. */
  forget(): void {
    this.known = undefined
  }

  find(name: string): PushTopic | undefined {
    return this.active().find((topic) => topic.name === name)
  }

  /** To be called with each commit's changes. */
  notify(changes: RecordChange[]): void {
    if (changes.some(({ object }) => object === 'PushTopic')) this.forget()
    const topics = this.active()
    if (topics.length === 0) return
    const drafts = changes.flatMap((change) =>
      topics.filter(({ object }) => object === change.object).flatMap((topic) => this.draft(topic, change) ?? []),
    )
    if (drafts.length > 0) this.org.emit(this.system(), drafts)
  }

  private active(): PushTopic[] {
    const fields = 'Name, Query, NotifyForFields, NotifyForOperationCreate, NotifyForOperationUpdate'
    const more = 'NotifyForOperationDelete, NotifyForOperationUndelete'
    const soql = `SELECT ${fields}, ${more} FROM PushTopic WHERE IsActive = true`
    return (this.known ??= this.org.query(this.system(), soql).records.flatMap((row) => topicOf(row) ?? []))
  }

  /** Queries of topics see every record; each subscriber is told of those he may read. */
  private system(): Caller {
    this.systemId ??= this.org.users()[0]?.id ?? ''
    return { userId: this.systemId, api: 'ui', version: NEWEST_VERSION }
  }

  private draft(topic: PushTopic, change: RecordChange): EventDraft | undefined {
    const { id, type, object } = change
    if (!topic.notifies(type) || (type === 'UPDATE' && !isTold(topic, change.changed))) return undefined
    const record = this.record(topic, change)
    if (!record) return undefined
    const sobject = type === 'DELETE' ? { Id: id } : record
    const fields = { type: TYPES[type].type, sobject: JSON.stringify(sobject) }
    return { topic: `/topic/${topic.name}`, entityName: object, recordIds: [id], fields }
  }

  /** The record as the query selects it; undefined when it does not fit. */
  private record({ query }: PushTopic, { id, type }: RecordChange): Record<string, unknown> | undefined {
    const [, select = '', where] = /^([^]*?)(?:\swhere\s([^]*))?$/i.exec(query.trim()) ?? []
    try {
      const soql = `${select} WHERE Id = ${soqlText(id)}${where ? ` AND (${where})` : ''}`
      const [row] = this.org.query(this.system(), soql, { all: type === 'DELETE' }).records
      if (!row) return undefined
      const { attributes: _attributes, ...fields } = row
      return fields
    } catch (error) {
      if (error instanceof OrgError) return undefined
      throw error
    }
  }
}

/** Undefined for a row whose query, kept from before it was checked, is none. */
function topicOf(row: RecordJson): PushTopic | undefined {
  const query = String(row['Query'])
  try {
    const { sObject, fields = [], where } = parseQuery(query)
    if (!sObject) return undefined
    return {
      name: String(row['Name']),
      object: sObject,
      query,
      selected: fields.flatMap((field) => (field.type === 'Field' ? [field.field] : [])),
      whereFields: fieldsOfWhere(where),
      notifyForFields: String(row['NotifyForFields']),
      notifies: (type) => row[TYPES[type].flag] !== false,
    }
  } catch {
    return undefined
  }
}

/** Whether an update of these fields concerns a topic: by default those its query names. */
function isTold({ notifyForFields, selected, whereFields }: PushTopic, changed: string[]): boolean {
  if (notifyForFields === 'All') return true
  const named = (names: string[]) => {
    const lower = new Set(names.map((name) => name.toLowerCase()))
    return (name: string): boolean => lower.has(name.toLowerCase())
  }
  const told = { Select: named(selected), Where: named(whereFields) }[notifyForFields]
  return changed.some(told ?? named([...selected, ...whereFields]))
}
