// What is wrong with a text that is no JSON, and where: in the words of the parser behind an org's REST API.

/** Looking for the place in a longer text would keep everybody else waiting. */
const LONGEST_PLACED = 262_144

/** Jackson's message for the first mistake of `text`; columns are counted behind the character it stumbled over. */
export function jsonMistake(text: string, told: string): string {
  if (text.length > LONGEST_PLACED && !/position \d|end of JSON/.test(told)) return unplaced(text, told)
  const offset = mistakeIn(text, told)
  const word = wordAround(text, offset)
  if (word) {
    return `Unrecognized token '${word.word}': was expecting 'null', 'true', 'false' or NaN at ${placeOf(text, word.end)}`
  }
  const character = text[offset]
  if (character === undefined) return `Unexpected end-of-input: expected close marker at ${placeOf(text, offset)}`
  const place = placeOf(text, offset + 1)
  return `Unexpected character ('${character}' (code ${character.codePointAt(0)}))${wanted(text.slice(0, offset))} at ${place}`
}

function unplaced(text: string, told: string): string {
  const character = /token '(.)'/su.exec(told)?.[1]
  const what = character ? `Unexpected character ('${character}' (code ${character.codePointAt(0)}))` : 'A mistake'
  return `${what} somewhere in a body of ${text.length} characters`
}

/** The word that begins as true, false or null do and goes on otherwise, with where it ends. */
function wordAround(text: string, offset: number): { word: string; end: number } | undefined {
  const begun = /(?<!["\w])(?:t|tr|tru|f|fa|fal|fals|n|nu|nul)$/.exec(text.slice(0, offset))
  const rest = /^\w+/.exec(text.slice(offset))
  if (!begun || !rest || stateAfter(text.slice(0, begun.index)).expected !== 'value') return undefined
  return { word: begun[0] + rest[0], end: offset + rest[0].length }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `[line:${before.length}, column:${(before.at(-1)?.length ?? 0) + 1}]`
}

/** Where the text stops being JSON: the engine tells of some mistakes only, so the longest text that could still go on is looked for. */
function mistakeIn(text: string, told: string): number {
  const at = /position (\d+)/.exec(told)
  if (at) return Number(at[1])
  if (told.includes('end of JSON')) return text.length
  let [sound, spoiled] = [0, text.length + 1]
  while (spoiled - sound > 1) {
    const middle = Math.floor((sound + spoiled) / 2)
    if (goesOn(text.slice(0, middle))) sound = middle
    else spoiled = middle
  }
  return sound
}

function goesOn(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const told = error instanceof Error ? error.message : ''
    const at = /position (\d+)/.exec(told)
    return at ? Number(at[1]) >= start.length : /end of JSON|Unterminated/.test(told)
  }
}

type Expected = 'value' | 'name' | 'colon' | 'comma'

const WORDS: Record<Exclude<Expected, 'comma'>, string> = {
  value: ": expected a valid value (number, String, array, object, 'true', 'false' or 'null')",
  name: ': was expecting double-quote to start field name',
  colon: ': was expecting a colon to separate field name and value',
}

/** What should have followed a sound beginning. */
function wanted(start: string): string {
  if (/(^|[^"\w])-$/.test(start)) {
    return ' in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value'
  }
  const { expected, within } = stateAfter(start)
  if (expected !== 'comma') return WORDS[expected]
  return within === undefined ? WORDS.value : `: was expecting comma to separate ${within} entries`
}

/** The state of a parser behind a sound beginning: what may come, and what it is within. Bodies are long: one pass, no patterns. */
function stateAfter(start: string): { expected: Expected; within: 'OBJECT' | 'ARRAY' | undefined } {
  const open: ('OBJECT' | 'ARRAY')[] = []
  let expected: Expected = 'value'
  for (let at = 0; at < start.length; at += 1) {
    const character = start[at] ?? ''
    if (character <= ' ') continue
    if (character === '{' || character === '[') open.push(character === '{' ? 'OBJECT' : 'ARRAY')
    if (character === '}' || character === ']') open.pop()
    if (character === '"') at = endOfString(start, at)
    const begins = character === '{' || (character === ',' && open.at(-1) === 'OBJECT')
    if (begins) expected = 'name'
    else if (character === '[' || character === ',' || character === ':') expected = 'value'
    else expected = expected === 'name' && character === '"' ? 'colon' : 'comma'
  }
  return { expected, within: open.at(-1) }
}

/** Where the string that begins at `at` ends; the last character when it does not. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '"') return end
  }
  return text.length - 1
}
