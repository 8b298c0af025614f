import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { fieldsOf } from '../../wire/rows/row.ts'
import { failed } from '../../wire/rows/save-rows.ts'
import { writeOptions } from './request/write-options.ts'
import { childRelationships } from './relationship.ts'
import type { RestContext, RestRequest, RestResponse } from './request/request.ts'

const Attributes = z.object({ type: z.string(), referenceId: z.string().regex(/^[A-Za-z]\w*$/) })
const Node = z.looseObject({ attributes: Attributes })
type Node = z.infer<typeof Node>
const Children = z.object({ records: z.array(Node) })
const Tree = z.object({ records: z.array(Node).min(1) })

const MAX_ROWS = 200
const MAX_LEVELS = 5
const MAX_TYPES = 5

interface Flat {
  node: Node
  parent?: { referenceId: string; field: string }
}

class Failed extends Error {
  readonly referenceId: string
  readonly refused: OrgError
  constructor(referenceId: string, refused: OrgError) {
    super(refused.message)
    this.referenceId = referenceId
    this.refused = refused
  }
}

/** `POST /composite/tree/X`: parents with their children, all or nothing. */
export function createTree(request: RestRequest, context: RestContext, object: string): RestResponse {
  const parsed = Tree.safeParse(request.body)
  if (!parsed.success) throw refusal.shape(parsed.error.issues[0]?.path ?? [])
  const rows = parsed.data.records.flatMap((node) => flatten(context, node, 1))
  if (parsed.data.records.some((node) => node.attributes.type !== object)) {
    throw refusal.badInput(`All root records must be of type ${object}`)
  }
  if (rows.length > MAX_ROWS) throw refusal.badInput(`Maximum number of records is ${MAX_ROWS}`, 'LIMIT_EXCEEDED')
  const types = new Set(rows.map(({ node }) => node.attributes.type))
  if (types.size > MAX_TYPES) {
    throw refusal.badInput(`Maximum number of different object types is ${MAX_TYPES}`, 'LIMIT_EXCEEDED')
  }
  try {
    requireDistinct(rows)
    const create = (): Map<string, string> => createAll(rows, request, context)
    const ids = context.inTransaction ? create() : context.org.transaction(context.caller, create)
    const results = [...ids].map(([referenceId, id]) => ({ referenceId, id }))
    return { status: 201, body: { hasErrors: false, results } }
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    const results = [{ referenceId: error.referenceId, errors: failed(error.refused).errors }]
    return { status: 400, body: { hasErrors: true, results } }
  }
}

function createAll(rows: Flat[], request: RestRequest, context: RestContext): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { node, parent } of rows) {
    const { type, referenceId } = node.attributes
    try {
      const { org, caller } = context
      const own = Object.entries(node).filter(([, value]) => !Children.safeParse(value).success)
      const lookup = parent ? { [parent.field]: ids.get(parent.referenceId) } : {}
      const fields = fieldsOf(org, caller, type, { ...Object.fromEntries(own), ...lookup })
      ids.set(referenceId, org.create(caller, type, fields, writeOptions(request)))
    } catch (error) {
      throw error instanceof OrgError ? new Failed(referenceId, error) : error
    }
  }
  return ids
}

/** Throws Failed when two records have the same reference id. */
function requireDistinct(rows: Flat[]): void {
  const seen = new Set<string>()
  for (const { node } of rows) {
    const { referenceId } = node.attributes
    if (seen.has(referenceId)) {
      const message = `Duplicate ReferenceId provided in the request: ${referenceId}`
      throw new Failed(referenceId, refusal.badInput(message, 'INVALID_INPUT'))
    }
    seen.add(referenceId)
  }
}

/** Parents before children, each child with the lookup field that its relationship stands for. */
function flatten(context: RestContext, node: Node, level: number, parent?: Flat['parent']): Flat[] {
  if (level > MAX_LEVELS) throw refusal.badInput(`Maximum depth is ${MAX_LEVELS}`, 'LIMIT_EXCEEDED')
  const { type, referenceId } = node.attributes
  const children = Object.entries(node).flatMap(([name, value]) => {
    const parsed = Children.safeParse(value)
    if (!parsed.success) return []
    const relationship = childRelationships(context, type).find((one) => one.relationshipName === name)
    if (!relationship) throw refusal.badInput(`No such relationship '${name}' on ${type}`, 'INVALID_FIELD')
    const link = { referenceId, field: relationship.field }
    return parsed.data.records.flatMap((child) => flatten(context, child, level + 1, link))
  })
  return [{ node, parent }, ...children]
}
