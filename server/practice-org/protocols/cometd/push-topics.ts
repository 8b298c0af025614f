import { parseQuery } from '@jetstreamapp/soql-parser-js'
import { OrgError, type Caller, type ChangeEvent, type EventDraft, type Org, type RecordJson } from '../../org.ts'
import { soqlText } from '../writes/row.ts'

const TYPES: Record<string, { type: string; flag: string }> = {
  CREATE: { type: 'created', flag: 'NotifyForOperationCreate' },
  UPDATE: { type: 'updated', flag: 'NotifyForOperationUpdate' },
  DELETE: { type: 'deleted', flag: 'NotifyForOperationDelete' },
  UNDELETE: { type: 'undeleted', flag: 'NotifyForOperationUndelete' },
}

/**
 * Turns committed changes into notifications of the PushTopics whose query they fit. A topic comes alive with its
 * first subscriber, so that an org without streaming clients pays nothing for it.
 */
export class PushTopics {
  private readonly org: Org
  private readonly alive = new Set<string>()

  constructor(org: Org) {
    this.org = org
  }

  /** False when there is no active PushTopic of this name. */
  watch(caller: Caller, name: string): boolean {
    const known = this.active(caller, [name]).length > 0
    if (known) this.alive.add(name)
    return known
  }

  /** To be called with each commit's events. */
  notify(events: ChangeEvent[]): void {
    if (this.alive.size === 0) return
    const changes = events.filter(({ topic, header }) => topic.endsWith('ChangeEvent') && header.changeType in TYPES)
    const [first] = changes
    if (!first) return
    const caller: Caller = { userId: first.header.commitUser, api: 'ui', version: '62.0' }
    const topics = this.active(caller, [...this.alive])
    const drafts = changes.flatMap((event) => topics.flatMap((topic) => this.draft(topic, event) ?? []))
    if (drafts.length > 0) this.org.emit(caller, drafts)
  }

  private active(caller: Caller, names: string[]): RecordJson[] {
    const fields = 'Name, Query, NotifyForFields, CreatedById, NotifyForOperationCreate, NotifyForOperationUpdate'
    const more = 'NotifyForOperationDelete, NotifyForOperationUndelete'
    const where = `IsActive = true AND Name IN (${names.map(soqlText).join(', ')})`
    return this.org.query(caller, `SELECT ${fields}, ${more} FROM PushTopic WHERE ${where}`).records
  }

  private draft(topic: RecordJson, { header }: ChangeEvent): EventDraft | undefined {
    const [id] = header.recordIds
    const kind = TYPES[header.changeType]
    const query = parseQuery(String(topic['Query']))
    if (!id || !kind || query.sObject !== header.entityName || topic[kind.flag] === false) return undefined
    const selected = (query.fields ?? []).flatMap((field) => (field.type === 'Field' ? [field.field] : []))
    if (header.changeType === 'UPDATE' && !isTold(topic, selected, header.changedFields)) return undefined
    const sobject = header.changeType === 'DELETE' ? { Id: id } : this.record(topic, id)
    if (!sobject) return undefined
    const fields = { type: kind.type, sobject: JSON.stringify(sobject) }
    return { topic: `/topic/${String(topic['Name'])}`, entityName: header.entityName, recordIds: [id], fields }
  }

  /** The record as the query selects it, as the topic's creator sees it; undefined when it does not fit. */
  private record(topic: RecordJson, id: string): Record<string, unknown> | undefined {
    const [, select = '', where] = /^([^]*?)(?:\swhere\s([^]*))?$/i.exec(String(topic['Query']).trim()) ?? []
    const caller: Caller = { userId: String(topic['CreatedById']), api: 'ui', version: '62.0' }
    try {
      const soql = `${select} WHERE Id = ${soqlText(id)}${where ? ` AND (${where})` : ''}`
      const [row] = this.org.query(caller, soql).records
      if (!row) return undefined
      const { attributes: _attributes, ...fields } = row
      return fields
    } catch (error) {
      if (error instanceof OrgError) return undefined
      throw error
    }
  }
}

/** Whether an update of these fields concerns a topic; one that names no field of its own is told of all. */
function isTold(topic: RecordJson, selected: string[], changed: string[]): boolean {
  if (topic['NotifyForFields'] === 'All') return true
  const text = String(topic['Query'])
  const where = text.slice(text.toLowerCase().lastIndexOf(' where ') + 1)
  const inWhere = (name: string): boolean => / where /i.test(text) && new RegExp(`\\b${name}\\b`, 'i').test(where)
  const inSelect = (name: string): boolean => selected.some((one) => one.toLowerCase() === name.toLowerCase())
  const told = { Select: inSelect, Where: inWhere }[String(topic['NotifyForFields'])]
  return changed.some(told ?? ((name) => inSelect(name) || inWhere(name)))
}
