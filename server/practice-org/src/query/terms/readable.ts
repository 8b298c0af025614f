// Queries an org reads but the parser does not, in a form that it does: OFFSET straight after WHERE, a scope with an
// underscore it does not know, and NOTs nested thrice.

/** The query without an OFFSET at its end, and that offset. */
export function splitOffset(soql: string): { text: string; offset: number | undefined } {
  const found = /\sOFFSET\s+(\d{1,9})\s*$/i.exec(soql)
  return found ? { text: soql.slice(0, found.index), offset: Number(found[1]) } : { text: soql, offset: undefined }
}

/** The query without a scope that the parser does not know, and that scope. */
export function splitScope(soql: string): { text: string; scope: string | undefined } {
  const found = /\sUSING\s+SCOPE\s+(mine_and_my_groups|allPrivate)\b/i.exec(soql)
  if (!found || soql.slice(0, found.index).includes("'")) return { text: soql, scope: undefined }
  return { text: soql.slice(0, found.index) + soql.slice(found.index + found[0].length), scope: found[1] }
}

const THRICE = /\bNOT\s*\([\s(]*NOT\s*\([\s(]*NOT\b/i
const NESTED = /\bNOT\s*\((?=[\s(]*NOT\b)/gi

/**
 * The parser loses the third of three NOTs that open inside one another and answers the opposite question; a condition
 * that always holds, put between them, keeps it from doing so.
 */
export function spreadNots(soql: string): string {
  const bare = soql.replace(/'(?:\\.|[^'\\])*'/gs, (literal) => '_'.repeat(literal.length))
  if (!THRICE.test(bare)) return soql
  const inserts: [at: number, text: string][] = []
  for (const match of bare.matchAll(NESTED)) {
    const open = match.index + match[0].length
    const close = closing(bare, open)
    if (close === undefined) return soql
    inserts.push([open, 'Id != null AND ('], [close, ')'])
  }
  let text = soql
  for (const [at, piece] of inserts.toSorted((a, b) => b[0] - a[0])) text = text.slice(0, at) + piece + text.slice(at)
  return text
}

/** Where the parenthesis that opened before `from` closes. */
function closing(text: string, from: number): number | undefined {
  let depth = 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    else if (text[at] === ')' && --depth === 0) return at
  }
  return undefined
}
