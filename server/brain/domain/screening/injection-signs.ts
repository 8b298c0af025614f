// Signs that a text of a record addresses a language model. Rules over phrases of fifteen languages, tried on every reading.
import { toolManifest } from '../../../contract/tool-manifest.ts'
import { folded, readingsOf } from './readings.ts'
import phrases from './phrases.json' with { type: 'json' }

type Concept = keyof typeof phrases

/** Concepts that stand within so many characters of each other, in any order. */
interface Rule {
  sign: string
  all: readonly [Concept, ...Concept[]]
  within: number
}

const RULES: readonly Rule[] = [
  { sign: 'override', all: ['ignore', 'instruction', 'earlier'], within: 70 },
  { sign: 'override', all: ['amnesia'], within: 0 },
  { sign: 'role', all: ['role'], within: 0 },
  { sign: 'extraction', all: ['reveal', 'secret'], within: 60 },
  { sign: 'addressed', all: ['reader', 'order'], within: 70 },
  { sign: 'steering', all: ['treat', 'companies', 'same'], within: 70 },
  { sign: 'steering', all: ['approve', 'everything'], within: 40 },
  { sign: 'steering', all: ['verdict'], within: 0 },
  { sign: 'authority', all: ['authority'], within: 0 },
  { sign: 'tool', all: ['calling'], within: 0 },
]

/** Scripts that write words without a gap, or grow them at either end. */
const UNBOUNDED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}]/u

/** A phrase as a pattern: `*` any letters, `~` anything short of a sentence's end, `( | )?` as in a pattern, a space any gap. */
function patternOf(phrase: string): string {
  return phrase
    .replace(/[^*~()|?]+/g, (piece) => folded(piece).replace(/[.+^${}[\]\\]/g, '\\$&'))
    .replaceAll('*', String.raw`\p{L}*`)
    .replaceAll('~', '[^.!?\\n]{0,40}')
    .replaceAll(' ', '[\\s,]{1,3}')
    .replaceAll('[\\s,]{1,3}?', '[\\s,]{0,3}')
}

const CONCEPTS = new Map(
  Object.entries(phrases).map(([concept, byLanguage]) => {
    const all = Object.values(byLanguage as Record<string, string[]>).flat()
    const unbounded = all.filter((phrase) => UNBOUNDED.test(phrase)).map(patternOf)
    const words = all.filter((phrase) => !UNBOUNDED.test(phrase)).map(patternOf)
    const whole = String.raw`(?<!\p{L})(?:${[...new Set(words)].join('|')})(?!\p{L})`
    return [concept as Concept, new RegExp([whole, ...new Set(unbounded)].join('|'), 'gu')]
  }),
)

/** Names for a model before a colon, in the first words of a line or sentence: `An die KI:`, `致人工智能助手：`. */
const ADDRESSEE = new RegExp(
  [
    String.raw`(?:^|[.!?;:>|"\n。！？]\s*)(?:[\p{L}'-]+ ){0,5}(?:l')?`,
    String.raw`(?:a\.?i\.?|ia|ki|ии|llms?|gpt|chatgpt|claude|gemini|copilot|language models?|sprachmodell|yapay zeka|人工智能|人工知能|인공지능|الذكاء الاصطناعي|एआई)`,
    String.raw`(?:['-]?\p{L}{0,8})(?:[ -](?:assistant|assistent|model|agent|reviewer|bot)\p{L}{0,4})?\s*[:：]`,
  ].join(''),
  'u',
)

/** Names that are no word of a language. */
const TOOLS = Object.keys(toolManifest).filter((name) => /[A-Z]/.test(name))

/** Marks on the text as it stands. */
const MARKS: Readonly<Record<string, readonly RegExp[]>> = {
  template: [
    /<\|[a-z_]{2,20}\|>|<｜[^<>｜]{1,30}｜>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant|tool_call|function_calls|invoke)>/i,
    /(?:^|\n)\s*"?system"?\s*:\s*\S/i,
    /"?role"?\s*:\s*"?(?:system|assistant|developer|tool)\b/i,
    /<(?:start|end)_of_turn>|#{2,4} {0,2}(?:system|assistant|instruction|response):/i,
    /\b(?:human|user)\s*:[^]{0,400}\bassistant\s*:/i,
  ],
  /** Directions and tags; tags that make up the flag of a region are none. */
  invisible: [
    /[\u202A-\u202E\u2066-\u2069]/,
    /(?<![\u{1F3F4}\u{E0020}-\u{E007E}])[\u{E0000}-\u{E007F}]/u,
    /[\u200B\u2060\uFEFF]{4,}|[\uFE00-\uFE0E\u{E0100}-\u{E01EF}]{3,}/u,
  ],
  /** A text that only a program reads. */
  encoded: [/[A-Za-z0-9+/]{400,}/],
  tool: [new RegExp(String.raw`\b(?:${TOOLS.join('|')})\b`)],
}

/** Names of the signs in the text, each once, by name. */
export function injectionSigns(text: string): string[] {
  const signs = new Set<string>()
  for (const [sign, marks] of Object.entries(MARKS)) if (marks.some((mark) => mark.test(text))) signs.add(sign)
  for (const reading of readingsOf(text)) for (const sign of signsIn(reading)) signs.add(sign)
  return [...signs].sort()
}

function signsIn(reading: string): string[] {
  const found = new Map<Concept, number[]>()
  const places = (concept: Concept): number[] => {
    const known = found.get(concept) ?? [...reading.matchAll(CONCEPTS.get(concept)!)].map(({ index }) => index)
    found.set(concept, known)
    return known
  }
  const rules = RULES.filter(({ all: [first, ...others], within }) =>
    places(first).some((at) => others.every((concept) => isNear(places(concept), at, within))),
  )
  const addressed = ADDRESSEE.test(reading) ? ['addressed'] : []
  return [...rules.map(({ sign }) => sign), ...addressed]
}

/** True when one of the ascending places is within so many characters of this one. */
function isNear(places: readonly number[], at: number, within: number): boolean {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < at - within) low = middle + 1
    else high = middle
  }
  return (places[low] ?? Infinity) <= at + within
}
