/** Scripts a company may write its name in; letter by letter, which is how many trade registers romanise. */
export type Script = 'cyrillic' | 'greek' | 'katakana'

const CYRILLIC: Record<string, string> = {
  sh: 'ш', ch: 'ч', a: 'а', b: 'б', c: 'к', d: 'д', e: 'е', f: 'ф', g: 'г', h: 'х', i: 'и', j: 'й', k: 'к', l: 'л',
  m: 'м', n: 'н', o: 'о', p: 'п', q: 'к', r: 'р', s: 'с', t: 'т', u: 'у', v: 'в', w: 'в', x: 'кс', y: 'и', z: 'з',
} // prettier-ignore
const GREEK: Record<string, string> = {
  th: 'θ', ph: 'φ', a: 'α', b: 'μπ', c: 'κ', d: 'ντ', e: 'ε', f: 'φ', g: 'γκ', h: 'χ', i: 'ι', j: 'τζ', k: 'κ', l: 'λ',
  m: 'μ', n: 'ν', o: 'ο', p: 'π', q: 'κ', r: 'ρ', s: 'σ', t: 'τ', u: 'ου', v: 'β', w: 'ου', x: 'ξ', y: 'υ', z: 'ζ',
} // prettier-ignore
const ROWS: Record<string, string> = {
  '': 'アエイオウ', k: 'カケキコク', c: 'カケキコク', q: 'カケキコク', s: 'サセシソス', t: 'タテチトト', n: 'ナネニノヌ',
  h: 'ハヘヒホフ', f: 'ハヘヒホフ', m: 'マメミモム', y: 'ヤエイヨユ', r: 'ラレリロル', l: 'ラレリロル', w: 'ワエイヲウ',
  g: 'ガゲギゴグ', z: 'ザゼジゾズ', j: 'ザゼジゾズ', d: 'ダデヂドド', b: 'バベビボブ', v: 'バベビボブ', p: 'パペピポプ',
  x: 'サセシソス',
} // prettier-ignore

const VOWELS = 'aeiou'

/** Each consonant with the vowel after it is one sign; one that stands alone takes the u of its row. */
function katakana(word: string): string {
  return [...word.matchAll(/[nm](?![aeiou])|[^aeiou]?[aeiou]|[^aeiou]/g)]
    .map(([sign]) => {
      if (sign === 'n' || sign === 'm') return 'ン'
      const vowel = VOWELS.indexOf(sign.at(-1) ?? '')
      const row = ROWS[vowel < 0 ? sign : sign.slice(0, -1)]
      return row?.[vowel < 0 ? 4 : vowel] ?? ''
    })
    .join('')
}

const spelled = (word: string, letters: Record<string, string>): string => {
  const parts = new RegExp(`${Object.keys(letters).join('|')}`, 'g')
  const text = word.replace(parts, (part) => letters[part] ?? part).replace(/σ$/, 'ς')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A Latin name in another script; digits stay. */
export function inScript(name: string, script: Script): string {
  return name
    .toLowerCase()
    .split(' ')
    .map((word) => {
      if (/\d/.test(word)) return word
      if (script === 'katakana') return katakana(word)
      return spelled(word, script === 'greek' ? GREEK : CYRILLIC)
    })
    .join(script === 'katakana' ? '・' : ' ')
}
