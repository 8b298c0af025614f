// A template of a summary in a knowledge document: sentences with expressions between backticks, in sections.
import type { KnowledgeDocument } from '../document.ts'
import type { TableFault } from './decision-table.ts'

/** `- Sentence`, or `- If \`condition\`: sentence`; those that are indented belong to the line above them. */
export interface TemplateSentence {
  /** The words of the item above it; null for one that stands by itself. */
  section: string | null
  /** 1-based line in the document's body, as observations cite it. */
  line: number
  /** CEL; null: always. */
  when: string | null
  /** Words and expressions in turn, words first. */
  pieces: TemplatePiece[]
}

type TemplatePiece = { words: string } | { expression: string }

export interface SummaryTemplate {
  document: string
  heading: string
  sentences: TemplateSentence[]
}

const ITEM = /^(\s*)- (.*)$/
const CONDITION = /^If `([^`]+)`:\s*/

/** Reads the list under a heading. All faults at once when it has any. */
export function summaryTemplate(
  document: KnowledgeDocument,
  heading: string,
): SummaryTemplate | { faults: TableFault[] } {
  const section = document.sections.find((each) => each.heading === heading)
  if (!section) return { faults: [{ line: 1, message: `there is no heading “${heading}”` }] }
  const items = itemsOf(section.body, section.line + 1)
  const faults: TableFault[] = items.flatMap(({ text, line }) =>
    (text.match(/`/g) ?? []).length % 2 === 0
      ? []
      : [{ line, message: 'an expression stands between two backticks; one is missing here' }],
  )
  const sentences = sentencesOf(items)
  if (sentences.length === 0)
    faults.push({ line: section.line, message: `“${heading}” lists no sentence: write each as “- …”` })
  return faults.length > 0 ? { faults } : { document: document.name, heading, sentences }
}

interface Item {
  depth: number
  text: string
  line: number
}

/** Items of the list; a line without a dash goes on with the item before it. */
function itemsOf(body: readonly string[], firstLine: number): Item[] {
  const items: Item[] = []
  let isOpen = false
  for (const [index, text] of body.entries()) {
    const found = ITEM.exec(text)
    const last = items.at(-1)
    if (found) items.push({ depth: found[1]!.length, text: found[2]!.trim(), line: firstLine + index })
    else if (isOpen && last && text.trim() !== '') last.text += ` ${text.trim()}`
    isOpen = found !== null || (isOpen && text.trim() !== '')
  }
  return items
}

/** An item with others below it is the name of a section. */
function sentencesOf(items: readonly Item[]): TemplateSentence[] {
  let section: { name: string; depth: number } | null = null
  return items.flatMap((item, index): TemplateSentence[] => {
    const isSection = (items[index + 1]?.depth ?? 0) > item.depth
    if (isSection) {
      section = { name: item.text, depth: item.depth }
      return []
    }
    const isInside: boolean = section !== null && item.depth > section.depth
    return [{ section: isInside ? section!.name : null, line: item.line, ...sentenceOf(item.text) }]
  })
}

function sentenceOf(text: string): Pick<TemplateSentence, 'when' | 'pieces'> {
  const condition = CONDITION.exec(text)
  const rest = condition ? text.slice(condition[0].length) : text
  const pieces = rest.split('`').map((part, n): TemplatePiece => (n % 2 === 0 ? { words: part } : { expression: part }))
  return { when: condition?.[1] ?? null, pieces: pieces.filter((piece) => !('words' in piece) || piece.words !== '') }
}
