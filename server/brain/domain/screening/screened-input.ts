// The one way into a question to a language model: text that others wrote is screened, and what addresses a model is withheld.
import { isRecordId } from '../record-id.ts'
import { injectionSigns } from './injection-signs.ts'

/** Stands where a text was withheld. */
export const WITHHELD = '[text withheld: looks like instructions]'

type Path = readonly (string | number)[]

/** A text that no model reads. */
interface WithheldText {
  /** Where it stood, e.g. `['records', 2, 'Name']`; that of a name of a field ends with the name. */
  path: Path
  /** Of a text that carries them only together with its neighbours, the signs of all of them. */
  signs: string[]
}

/** What a language model is asked about, as JSON. Only `screenedInput` makes one, so that no text goes round the screen. */
export class ScreenedInput {
  readonly text: string
  readonly withheld: readonly WithheldText[]
  /** No other object has the type. */
  readonly #isScreened = true

  constructor(given: Record<string, unknown>, ours: Record<string, unknown>) {
    const { shown, withheld } = screened(given)
    this.text = JSON.stringify({ ...(shown as Record<string, unknown>), ...ours })
    this.withheld = withheld
  }

  /** Names of the signs, each once. */
  get signs(): string[] {
    return this.#isScreened ? [...new Set(this.withheld.flatMap(({ signs }) => signs))].sort() : []
  }
}

interface Leaf {
  path: Path
  text: string
}

/** The data without the texts that address a model, each by itself or several in a row as the model would read them. */
function screened(data: unknown): { shown: unknown; withheld: WithheldText[] } {
  const leaves = [...leavesOf(data, [])]
  const withheld = new Map<Leaf, string[]>()
  for (const leaf of leaves) {
    const signs = injectionSigns(leaf.text)
    if (signs.length > 0) withheld.set(leaf, signs)
  }
  for (const gap of [' ', '']) {
    const left = leaves.filter((leaf) => !withheld.has(leaf))
    for (const { row, signs } of rowsWithSigns(left, gap)) for (const leaf of row) withheld.set(leaf, signs)
  }
  const paths = new Set([...withheld.keys()].map(({ path }) => JSON.stringify(path)))
  const list = [...withheld].map(([{ path }, signs]) => ({ path, signs }))
  return { shown: paths.size === 0 ? data : without(data, [], paths), withheld: list }
}

/** Texts and names of fields, in the order in which they are written; ids and names of objects are the org’s own. */
function* leavesOf(data: unknown, path: Path): Generator<Leaf> {
  if (typeof data === 'string') {
    if (!isRecordId(data) && !(path.at(-1) === 'object' && /^\w{1,80}$/.test(data))) yield { path, text: data }
  } else if (Array.isArray(data)) {
    for (const [index, item] of data.entries()) yield* leavesOf(item, [...path, index])
  } else if (typeof data === 'object' && data !== null) {
    for (const [name, value] of Object.entries(data)) {
      const at = [...path, name]
      if (!/^\w{1,80}$/.test(name)) yield { path: [...at, KEY], text: name }
      yield* leavesOf(value, at)
    }
  }
}

/** Last step of the path of a field's name, in place of the field's value. */
const KEY = '(name)'

/** The shortest rows of neighbours that carry signs together. */
function* rowsWithSigns(leaves: readonly Leaf[], gap: string): Generator<{ row: Leaf[]; signs: string[] }> {
  const signsOf = (from: number, to: number) =>
    injectionSigns(
      leaves
        .slice(from, to)
        .map(({ text }) => text)
        .join(gap),
    )
  for (let begin = 0; begin < leaves.length;) {
    const signs = signsOf(begin, leaves.length)
    if (signs.length === 0) return
    const end = smallest(begin + 1, leaves.length, (to) => signsOf(begin, to).length > 0)
    const last = smallest(0, end - begin - 1, (less) => signsOf(end - 1 - less, end).length > 0)
    yield { row: leaves.slice(end - 1 - last, end), signs: signsOf(end - 1 - last, end) }
    begin = end
  }
}

/** The smallest number of the range for which it holds, where it holds for every larger one; else the last. */
function smallest(low: number, high: number, holds: (n: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function without(data: unknown, path: Path, paths: ReadonlySet<string>): unknown {
  const isWithheld = (at: Path) => paths.has(JSON.stringify(at))
  if (typeof data === 'string') return isWithheld(path) ? WITHHELD : data
  if (Array.isArray(data)) return data.map((item, index) => without(item, [...path, index], paths))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const at = [...path, name]
      return [isWithheld([...at, KEY]) ? WITHHELD : name, without(value, at, paths)]
    }),
  )
}
