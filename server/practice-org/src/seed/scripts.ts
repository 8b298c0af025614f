/** Scripts a company may write its name in; letter by letter, which is how many trade registers romanise. */
export type Script = 'cyrillic' | 'greek' | 'katakana' | 'han' | 'hangul' | 'arabic' | 'hebrew'

/** Scripts whose names stand without spaces beside a legal form. */
export const JOINED_SCRIPTS: ReadonlySet<Script> = new Set(['katakana', 'han', 'hangul'])

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

const ARABIC: Record<string, string> = {
  sh: 'ش', th: 'ث', kh: 'خ', ch: 'تش', a: 'ا', b: 'ب', c: 'ك', d: 'د', e: 'ي', f: 'ف', g: 'غ', h: 'ه', i: 'ي', j: 'ج',
  k: 'ك', l: 'ل', m: 'م', n: 'ن', o: 'و', p: 'ب', q: 'ق', r: 'ر', s: 'س', t: 'ت', u: 'و', v: 'ف', w: 'و', x: 'كس', y: 'ي',
  z: 'ز',
} // prettier-ignore
const HEBREW: Record<string, string> = {
  sh: 'ש', ch: 'צ', a: 'א', b: 'ב', c: 'ק', d: 'ד', e: '', f: 'פ', g: 'ג', h: 'ה', i: 'י', j: 'ג', k: 'ק', l: 'ל', m: 'מ',
  n: 'נ', o: 'ו', p: 'פ', q: 'ק', r: 'ר', s: 'ס', t: 'ט', u: 'ו', v: 'ו', w: 'ו', x: 'קס', y: 'י', z: 'ז',
} // prettier-ignore
const HAN: Record<string, string> = {
  ba: '巴', be: '贝', bi: '比', bo: '博', bu: '布', da: '达', de: '德', di: '迪', do: '多', fa: '法', fe: '费', fi: '菲',
  fo: '福', ga: '加', go: '戈', ha: '哈', ho: '霍', ka: '卡', ca: '卡', co: '科', ko: '科', la: '拉', le: '莱', li: '利',
  lo: '洛', lu: '卢', ma: '马', me: '梅', mi: '米', mo: '莫', na: '纳', ni: '尼', no: '诺', pa: '帕', pe: '佩', pi: '皮',
  po: '波', ra: '拉', re: '雷', ri: '里', ro: '罗', ru: '鲁', sa: '萨', se: '塞', si: '西', so: '索', su: '苏', ta: '塔',
  te: '特', ti: '蒂', to: '托', tu: '图', va: '瓦', vi: '维', wa: '沃', we: '韦', wi: '威', wo: '沃', a: '阿', b: '布',
  c: '克', d: '德', e: '埃', f: '弗', g: '格', h: '赫', i: '伊', j: '杰', k: '克', l: '尔', m: '姆', n: '恩', o: '奥',
  p: '普', q: '奇', r: '尔', s: '斯', t: '特', u: '乌', v: '维', w: '沃', x: '克斯', y: '伊', z: '兹',
} // prettier-ignore

const FIRST_JAMO = 'bpdtgkjcszmnhfvlrqxyw'
const FIRST_CODES = [7, 17, 3, 16, 0, 15, 12, 15, 9, 12, 6, 2, 18, 17, 7, 5, 5, 15, 9, 11, 11]
const VOWEL_CODES: Record<string, number> = { a: 0, e: 5, i: 20, o: 8, u: 13 }
const LAST_CODES: Record<string, number> = { n: 4, l: 8, m: 16 }
const SILENT = 11
const NEUTRAL = 18

/** A syllable is its consonant, its vowel and maybe an n, l or m at its end; a consonant alone takes the neutral vowel. */
function hangul(word: string): string {
  return [...word.matchAll(/([^aeiou]?)([aeiou])(?:([nlm])(?![aeiou]))?|[^aeiou]/g)]
    .map(([sign, consonant = '', vowel = '', last = '']) => {
      const at = FIRST_JAMO.indexOf(vowel ? consonant || ' ' : sign)
      const initial = FIRST_CODES[at] ?? SILENT
      const code = (initial * 21 + (VOWEL_CODES[vowel] ?? NEUTRAL)) * 28 + (LAST_CODES[last] ?? 0)
      return String.fromCharCode(0xac00 + code)
    })
    .join('')
}

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

const ENDINGS: [RegExp, string][] = [
  [/σ$/, 'ς'],
  [/מ$/, 'ם'],
  [/נ$/, 'ן'],
  [/פ$/, 'ף'],
  [/צ$/, 'ץ'],
]

const partsOf = (letters: Record<string, string>) => new RegExp(Object.keys(letters).join('|'), 'g')

function speller(letters: Record<string, string>): (word: string) => string {
  const parts = partsOf(letters)
  return (word) => {
    const plain = word.replace(parts, (part) => letters[part] ?? part)
    const text = ENDINGS.reduce((each, [last, ending]) => each.replace(last, ending), plain)
    return text.charAt(0).toUpperCase() + text.slice(1)
  }
}

const SPELL: Record<Script, (word: string) => string> = {
  cyrillic: speller(CYRILLIC),
  greek: speller(GREEK),
  arabic: speller(ARABIC),
  hebrew: speller(HEBREW),
  han: speller(HAN),
  katakana,
  hangul,
}
const BETWEEN: Partial<Record<Script, string>> = { katakana: '・', han: '' }

/** A Latin name in another script; digits and signs stay. */
export function inScript(name: string, script: Script): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}|'/gu, '')
    .toLowerCase()
    .split(' ')
    .map((word) => (/[^a-z]/.test(word) ? word : SPELL[script](word)))
    .join(BETWEEN[script] ?? ' ')
}
