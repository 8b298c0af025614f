import type { KnowledgeDocument } from '../../knowledge/document.ts'
import { NOWHERE, type TableFault } from '../../knowledge/tables/decision-table.ts'
import type { QuestionFault } from './question.ts'

/** Faults of a table as the question's: `path` is the key that names the table, and each lies in the document. */
export function faultsInTable(
  faults: readonly TableFault[],
  document: KnowledgeDocument,
  path: string,
): QuestionFault[] {
  return faults.map(({ line, column = 1, message }) => ({
    path: [path],
    message,
    ...(line !== NOWHERE && { at: { file: document.file, line, column } }),
  }))
}

/** The one fault of a question whose document is not there. */
export function noDocument(name: string, path: string): QuestionFault[] {
  const message = `no knowledge document is called ${name}: put one into the folder knowledge that begins with “document: ${name}”`
  return [{ path: [path], message }]
}
