// Text in the form that names are compared in: case, width and invisible signs folded, each word in its own script.

export type Script =
  'latin' | 'cyrillic' | 'greek' | 'han' | 'kana' | 'hangul' | 'arabic' | 'hebrew' | 'number' | 'other'

const SCRIPTS: [Script, RegExp][] = [
  ['number', /^\p{N}$/u],
  ['latin', /^\p{Script=Latin}$/u],
  ['cyrillic', /^\p{Script=Cyrillic}$/u],
  ['greek', /^\p{Script=Greek}$/u],
  ['han', /^[\p{Script=Han}々〆]$/u],
  ['kana', /^[\p{Script=Hiragana}\p{Script=Katakana}ー]$/u],
  ['hangul', /^\p{Script=Hangul}$/u],
  ['arabic', /^\p{Script=Arabic}$/u],
  ['hebrew', /^\p{Script=Hebrew}$/u],
]

const TRADE_MARKS = /[™®©℠]/gu
/** Signs that stand where a letter was meant, between two letters: `Harv^y`. */
const SLIPPED = /(?<=\p{L})[\u0080-\u009f^~{}@$*?!"](?=\p{L})/gu
const APOSTROPHES = /(?<=\p{L})['’‘ʼ`´′ʹ](?=\p{L})/gu
/** `S.A.P.I.` and `a.s.`: letters with a full stop after each. */
const DOTTED = /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}\p{L}?(?![\p{L}\p{N}])/gu

/** Case, width and composition folded; invisible signs removed. Accents stay. Folding twice changes nothing more. */
export function foldText(text: string): string {
  const folded = (each: string) =>
    each
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('i\u0307', 'i')
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ')
      .replaceAll(/\p{Cf}/gu, '')
  return folded(folded(text.replaceAll(TRADE_MARKS, ' '))).normalize('NFKC')
}

/** Words of a folded text: runs of letters, marks and digits, divided where the script changes. */
export function splitWords(folded: string): string[] {
  const joined = folded
    .replaceAll(APOSTROPHES, '')
    .replaceAll(SLIPPED, '')
    .replaceAll(DOTTED, (dotted) => dotted.replaceAll('.', ''))
  return (joined.match(/[\p{L}\p{M}\p{N}ー々]+/gu) ?? []).flatMap(byScript)
}

/** Divides `Toyota株式会社`; digits and marks stay with the letters they stand beside. */
function byScript(run: string): string[] {
  const parts: string[] = []
  let last: Script | null = null
  for (const sign of run) {
    const script: Script = /\p{M}/u.test(sign) ? (last ?? 'other') : scriptOfSign(sign)
    const glued = last === null || script === last || script === 'number' || last === 'number'
    if (glued || !(isUnspaced(script) || isUnspaced(last))) parts.push((parts.pop() ?? '') + sign)
    else parts.push(sign)
    if (script !== 'number' || last === null) last = script
  }
  return parts
}

/** Scripts written without blanks between words. */
const isUnspaced = (script: Script | null) => script === 'han' || script === 'kana' || script === 'hangul'

function scriptOfSign(sign: string): Script {
  if (sign >= 'a' && sign <= 'z') return 'latin'
  return SCRIPTS.find(([, pattern]) => pattern.test(sign))?.[0] ?? 'other'
}

/** Script of most letters of a word; `number` when it has digits alone. */
export function scriptOf(word: string): Script {
  if (/^[a-z]+$/.test(word)) return 'latin'
  const counts = new Map<Script, number>()
  for (const sign of word) {
    const script = scriptOfSign(sign)
    if (script !== 'number') counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  let best: Script = 'number'
  for (const [script, count] of counts) if (count > (counts.get(best) ?? 0)) best = script
  return best
}
