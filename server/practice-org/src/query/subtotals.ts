// GROUP BY ROLLUP and CUBE: one SELECT per set of grouped fields, put together, with the fields left out blank.
import type { OrderByClause } from '@jetstreamapp/soql-parser-js'
import type { Operand } from './terms/comparison.ts'
import { malformed } from './terms/context.ts'
import { groupingColumn, groupingFlag } from './group-columns.ts'
import { orderOperand } from './rows.ts'
import type { Scope } from './terms/scope.ts'

/** A selected expression; `grouping` is the place in GROUP BY of the field that GROUPING() asks about. */
interface Column extends Operand {
  grouping?: number
}

/** Places of the fields grouped by, set by set: (0,1) (0) () for a ROLLUP of two, every subset for a CUBE. */
export function setsOf(kind: 'ROLLUP' | 'CUBE', count: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i)
  if (kind === 'ROLLUP') return [...all.map((i) => all.slice(0, count - i)), []]
  const subsets = Array.from({ length: 2 ** count }, (_, bits) => all.filter((i) => bits & (2 ** i)))
  return subsets.toSorted((a, b) => b.length - a.length)
}

export class Subtotals {
  private readonly columns: Column[]
  private readonly groups: Operand[]

  constructor(columns: Column[], groups: Operand[]) {
    this.columns = columns
    this.groups = groups
  }

  /** The select list of one set: what was asked for, then value and flag of each grouped field, for ordering. */
  select(kept: number[]): string {
    const shown = this.columns.map((column, i) => {
      if (column.grouping !== undefined) return `${kept.includes(column.grouping) ? 0 : 1} AS k${i}`
      const group = this.groups.findIndex((each) => each.sql === column.sql)
      return `${group < 0 || kept.includes(group) ? column.sql : 'NULL'} AS k${i}`
    })
    const hidden = this.groups.map((group, i) =>
      kept.includes(i) ? `${group.sql} AS v${i}, 0 AS g${i}` : `NULL AS v${i}, 1 AS g${i}`,
    )
    return [...shown, ...hidden].join(', ')
  }

  /** Totals after what they add up. */
  natural(): string {
    return this.groups.map((_, i) => `g${i}, v${i}`).join(', ')
  }

  /** An ORDER BY item as a column of the whole; only what is selected or grouped can be ordered by. */
  order(scope: Scope, named: Column | undefined, clause: OrderByClause): Operand {
    if (named) return { sql: `k${this.columns.indexOf(named)}`, field: named.field }
    if ('fn' in clause && clause.fn.functionName?.toUpperCase() === 'GROUPING') {
      const { grouping } = groupingColumn(scope, this.groups, clause.fn.parameters?.[0])
      return { sql: `g${grouping}`, field: groupingFlag }
    }
    const operand = orderOperand(scope, clause)
    const group = this.groups.findIndex((each) => each.sql === operand.sql)
    if (group >= 0) return { sql: `v${group}`, field: operand.field }
    const column = this.columns.findIndex((each) => each.sql === operand.sql)
    if (column >= 0) return { sql: `k${column}`, field: operand.field }
    throw malformed(
      scope.context,
      operand.field.name,
      `Ordered field must be grouped or aggregated: ${operand.field.name}`,
    )
  }
}
