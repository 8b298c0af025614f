import { z } from 'zod'

/** The part of SOQL that a mission may use, as soql-parser-js parses it: everything not named here is refused. */
const Name = z.string().regex(/^[A-Za-z]\w*$/)
const Path = z.string().regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*){0,5}$/)
const LiteralType = z.enum([
  'STRING',
  'INTEGER',
  'DECIMAL',
  'BOOLEAN',
  'NULL',
  'DATETIME',
  'DATE',
  'DATE_LITERAL',
  'DATE_N_LITERAL',
])

const Field = z.strictObject({ type: z.literal('Field'), field: Name })
const ParentField = z.strictObject({
  type: z.literal('FieldRelationship'),
  field: Name,
  relationships: z.array(Name).max(5),
  rawValue: z.string().optional(),
})
const Condition = z.strictObject({
  field: Path,
  operator: z.enum(['=', '!=', '<=', '>=', '>', '<', 'LIKE', 'IN', 'NOT IN', 'INCLUDES', 'EXCLUDES']),
  value: z.union([z.string(), z.array(z.string())]),
  literalType: z.union([LiteralType, z.array(LiteralType)]),
  dateLiteralVariable: z.union([z.number(), z.array(z.number())]).optional(),
  openParen: z.number().optional(),
  closeParen: z.number().optional(),
})
const SemiJoin = z.strictObject({
  field: Path,
  operator: z.enum(['IN', 'NOT IN']),
  literalType: z.literal('SUBQUERY').optional(),
  openParen: z.number().optional(),
  closeParen: z.number().optional(),
  get valueQuery() {
    return z.strictObject({ fields: z.array(Field).length(1), sObject: Name, where: Where.optional() })
  },
})
const Negation = z.strictObject({ openParen: z.number() })

export interface WhereNode {
  left: z.infer<typeof Condition> | SemiJoinNode | z.infer<typeof Negation> | null
  operator?: 'AND' | 'OR' | 'NOT'
  right?: WhereNode
}
interface SemiJoinNode {
  field: string
  operator: 'IN' | 'NOT IN'
  valueQuery: { fields: z.infer<typeof Field>[]; sObject: string; where?: WhereNode }
}

const Where: z.ZodType<WhereNode> = z.lazy(() =>
  z.strictObject({
    left: z.union([Condition, SemiJoin, Negation, z.null()]),
    operator: z.enum(['AND', 'OR', 'NOT']).optional(),
    right: Where.optional(),
  }),
)
const OrderBy = z.strictObject({
  field: Path,
  order: z.enum(['ASC', 'DESC']).optional(),
  nulls: z.enum(['FIRST', 'LAST']).optional(),
})
const Tail = {
  where: Where.optional(),
  orderBy: z.union([OrderBy, z.array(OrderBy)]).optional(),
  limit: z.number().int().optional(),
  offset: z.number().int().optional(),
}

const ChildQuery = z.strictObject({
  type: z.literal('FieldSubquery'),
  subquery: z.strictObject({ fields: z.array(z.union([Field, ParentField])), relationshipName: Name, ...Tail }),
})
export const RecordQuery = z.strictObject({
  fields: z.array(z.union([Field, ParentField, ChildQuery])).min(1),
  sObject: Name,
  ...Tail,
})
export type RecordQuery = z.infer<typeof RecordQuery>

const Count = z.strictObject({
  type: z.literal('FieldFunctionExpression'),
  functionName: z.literal('COUNT'),
  parameters: z.tuple([]),
  isAggregateFn: z.literal(true).optional(),
  rawValue: z.string().optional(),
})
export const CountQuery = z.strictObject({
  fields: z.tuple([Count]),
  sObject: Name,
  where: Where.optional(),
  limit: z.number().int().optional(),
})
