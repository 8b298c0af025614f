// Pieces of SQL with the values of their question marks.
import type { Stored } from '../../store/row.ts'

/** A piece of SQL with the values of its question marks. */
export interface Sql {
  text: string
  params: Stored[]
}

export const sql = (text: string, params: Stored[] = []): Sql => ({ text, params })
