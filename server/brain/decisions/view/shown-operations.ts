// Operations in a form that reads well, with every hidden value left out.
import type { Operation } from '../../../contract/operations/operation.ts'

type ShownOperation = Operation | { kind: string; hidden: number }

/** The operations as the open leaves state them; an operation that makes no sense without its hidden parts is only counted. */
export function shownOperations(
  operations: readonly Operation[],
  isClosed: (path: string) => boolean,
): ShownOperation[] {
  return operations.map((operation, index) => shown(operation, `/operations/${index}`, isClosed))
}

function shown(operation: Operation, at: string, isClosed: (path: string) => boolean): ShownOperation {
  const hidden = pathsOf(operation, at).filter(isClosed)
  if (hidden.length === 0) return operation
  const essential = hidden.filter((path) => !/\/(fields|moves)\//.test(path.slice(at.length)))
  if (essential.length > 0 || !('fields' in operation)) return { kind: operation.kind, hidden: hidden.length }
  const isOpen = (part: string) => !isClosed(`${at}/${part}`)
  const shownFields = <T>(fields: Record<string, T>) =>
    Object.fromEntries(
      Object.entries(fields).filter(([field]) =>
        ['from', 'to', 'source'].every((part) => isOpen(`fields/${field}/${part}`)),
      ),
    )
  if (operation.kind !== 'merge') return { ...operation, fields: shownFields(operation.fields) } as Operation
  const moves = operation.moves.map((move, j) =>
    'ids' in move ? { ...move, ids: move.ids.filter((_, k) => isOpen(`moves/${j}/ids/${k}`)) } : move,
  )
  return { ...operation, fields: shownFields(operation.fields), moves }
}

function pathsOf(value: unknown, at: string): string[] {
  if (value === null || typeof value !== 'object') return [at]
  return Object.entries(value).flatMap(([key, child]) => pathsOf(child, `${at}/${key}`))
}
