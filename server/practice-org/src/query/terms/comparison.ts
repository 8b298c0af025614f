// One comparison of a WHERE or HAVING, and what turns its sides into SQL.
import type { FunctionExp, LiteralType, Operator, Query } from '@jetstreamapp/soql-parser-js'
import type { FieldDef, ObjectDef } from '../../schema/catalog.ts'
import { type QueryContext } from './context.ts'
import { type Sql } from './sql.ts'

export interface Comparison {
  field?: string
  fn?: FunctionExp
  operator: Operator
  values: string[]
  types: (LiteralType | undefined)[]
  isList: boolean
  subquery?: Query
}

/** Left-hand side of a comparison: a column or a function of one. */
export interface Operand {
  sql: string
  field: FieldDef
  /** The object the field is on. */
  object?: ObjectDef
  /** SQL of the code of its currency, where it is not the row's own. */
  code?: string
  /** Of an aggregate: SQL of what is aggregated. */
  of?: string
  isAggregate?: boolean
}

/** How the surrounding query turns names, functions and subqueries into SQL. */
export interface Resolver {
  context: QueryContext
  operand(comparison: Comparison): Operand
  subquery(comparison: Comparison, query: Query): Sql
  /** An amount in the corporate currency, for comparison with one of any currency. */
  money(left: Operand, literal: string): { left: Operand; amount: number }
}
