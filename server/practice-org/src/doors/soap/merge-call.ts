import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { MergeResult } from '../../org/row-calls.ts'
import { refusal } from '../../wire/http/errors.ts'
import { failed } from '../../wire/rows/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { errorElement } from './row-calls.ts'
import { readSObject } from './sobject.ts'
import { child, elements, texts, type XmlElement } from '../../wire/xml/xml.ts'

const MAX_REQUESTS = 200
/** These concern the call, not a row: an org answers them with a fault. */
const FAULTS = ['INVALID_TYPE_FOR_OPERATION', 'INVALID_TYPE']

/** `merge(MergeRequest+)`: every request is its own transaction and has its own result. */
export function merge(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const requests = [...elements(call.body, 'mergeRequests'), ...elements(call.body, 'request')]
  if (requests.length === 0) throw refusal.badInput('mergeRequests is missing', 'MISSING_ARGUMENT')
  if (requests.length > MAX_REQUESTS) throw refusal.badInput('too many merge requests', 'EXCEEDED_ID_LIMIT')
  return requests.map((request) => mergeResult(mergeOne(request, call, org, caller)))
}

function mergeOne(request: XmlElement, call: SoapCall, org: Org, caller: Caller): MergeResult {
  try {
    const master = readSObject(org, caller, call, child(request, 'masterRecord'))
    if (!master.id) throw refusal.badInput('masterRecord must have an Id', 'MISSING_ARGUMENT')
    const loserIds = texts(request, 'recordToMergeIds')
    return org.merge(caller, { type: master.type, masterId: master.id, fields: master.fields, loserIds })
  } catch (error) {
    if (!(error instanceof OrgError) || FAULTS.includes(error.body.errorCode)) throw error
    return { id: '', success: false, mergedRecordIds: [], updatedRelatedIds: [], errors: failed(error).errors }
  }
}

function mergeResult(result: MergeResult): Record<string, unknown> {
  return {
    errors: result.errors.map(errorElement),
    id: result.id === '' ? null : result.id,
    mergedRecordIds: result.mergedRecordIds,
    success: result.success,
    updatedRelatedIds: result.updatedRelatedIds,
  }
}
