// The ways in which a language model could read a text: without what is invisible, look-alike letters as the letters they resemble,
// codes decoded. Rules are tried on each reading.
import anyAscii from 'any-ascii'
import phrases from './phrases.json' with { type: 'json' }

/** Most bytes of code that are decoded of one text. */
const MOST_CODE = 20_000
/** Codes within codes are decoded this often. */
const DEPTH = 2

/** Lower case, compatibility forms and accents folded; phrases and texts alike. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f\u064b-\u065f]/g, '')
    .normalize('NFC')
    .replace(/[ıøłđß’‘]/g, (letter) => FOLDS[letter] ?? letter)
}

const FOLDS: Readonly<Record<string, string>> = { ı: 'i', ø: 'o', ł: 'l', đ: 'd', ß: 'ss', '’': "'", '‘': "'" }

/** Every reading once, the plain one first. */
export function readingsOf(text: string): string[] {
  return [...new Set(readings(text, DEPTH))]
}

function readings(text: string, depth: number): string[] {
  const read = unescaped(text)
  const plain = bare(read)
  const joined = lettersJoined(read)
  const more = depth === 0 ? [] : decoded(text).flatMap((code) => readings(code, depth - 1))
  return [...disguised(plain), ...(joined === null ? [] : disguised(bare(joined))), ...more]
}

function disguised(plain: string): string[] {
  const list = [plain]
  const resembled = plain.replace(LOOK_ALIKE, (letter) => RESEMBLES[letter] ?? letter)
  if (/[a-z]/.test(plain)) list.push(resembled)
  if (/[^\0-\x7f]/.test(plain)) list.push(anyAscii(plain).toLowerCase())
  for (const [sign, letters] of LEET) if (sign.test(resembled)) list.push(unleeted(resembled, letters))
  if (/^[\0-\x7f]*$/.test(plain)) list.push(unscrambled(plain), rotated(plain), [...plain].reverse().join(''))
  return list
}

/** Without invisible characters, markup and the signs of emphasis; white space is one space, lines stay. */
function bare(text: string): string {
  const seen = text
    .replace(/[\u{E0020}-\u{E007E}]/gu, (tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000))
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/<\/?(?:b|i|u|em|strong|span|font|a|s|small|wbr)\b[^<>]{0,300}>/gi, '')
    .replace(/<!--|-->|<[/!]?[a-z][^<>]{0,300}>/gi, ' ')
    .replace(/[*`~]+/g, '')
    .replace(/[_|#>\\]+/g, ' ')
  return folded(seen)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function unescaped(text: string): string {
  return text
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) =>
        name === undefined ? character(decimal ? Number(decimal) : parseInt(hex ?? '', 16)) : (ENTITIES[name] ?? whole),
    )
    .replace(/\\u\{?([\da-f]{4,6})\}?|\\x([\da-f]{2})/gi, (_, unit?: string, byte?: string) =>
      character(parseInt(unit ?? byte ?? '', 16)),
    )
    .replace(/\\[nrt]/g, ' ')
}

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '')

const LOOK_ALIKES = 'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwвbкkмmнhтtгrαaοoνvιiκkρpτtυuχxεeηnγyβbωwɡgɑaıiⅼlօoսuցgհhոnեe'
const RESEMBLES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: LOOK_ALIKES.length / 2 }, (_, n) => [LOOK_ALIKES[2 * n], LOOK_ALIKES[2 * n + 1]]),
)
const LOOK_ALIKE = new RegExp(`[${Object.keys(RESEMBLES).join('')}]`, 'g')

/** Signs that stand for letters; `1` and `!` stand for two. */
const LEET: readonly (readonly [sign: RegExp, letters: Readonly<Record<string, string>>])[] = ['i', 'l'].map((one) => [
  /[a-z][0-9@$!+|]|[0-9@$!+|][a-z]/,
  {
    '0': 'o',
    '1': one,
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    '8': 'b',
    '@': 'a',
    $: 's',
    '!': 'i',
    '|': 'l',
    '+': 't',
  },
])

const unleeted = (text: string, letters: Readonly<Record<string, string>>): string =>
  text.replace(/[0-9@$!+|]/g, (sign) => letters[sign] ?? sign)

/** `i g n o r e   a l l` as `ignore   all`: a wider gap ends a word; null where letters do not stand apart. */
function lettersJoined(text: string): string | null {
  if (!/(?<!\p{L})\p{L}(?:[ .\-_]\p{L}){3,}(?!\p{L})/u.test(text)) return null
  return text.replace(/(?<!\p{L})(\p{L})[ .\-_](?=\p{L}(?!\p{L}))/gu, '$1')
}

/** First and last letter, and those between in order: the same for `ignore` and `inogre`. */
const scrambleOf = (word: string): string => `${word[0]}${[...word.slice(1, -1)].sort().join('')}${word.at(-1)}`

const WORDS = new Map(
  [phrases.ignore.en, phrases.instruction.en, phrases.earlier.en, phrases.reveal.en]
    .flat()
    .flatMap((phrase) =>
      phrase.endsWith('s?') ? [phrase.slice(0, -2), phrase.slice(0, -1)] : [phrase.replace(/\*$/, '')],
    )
    .filter((word) => /^[a-z]{5,}$/.test(word))
    .map((word) => [scrambleOf(word), word]),
)

/** Words whose inner letters were shuffled, as people and models still read them. */
const unscrambled = (text: string): string => text.replace(/[a-z]{5,}/g, (word) => WORDS.get(scrambleOf(word)) ?? word)

const rotated = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))

/** Base64, hexadecimal and URL codes in the text that give readable text. */
function decoded(text: string): string[] {
  const found: string[] = []
  let left = MOST_CODE
  const take = (code: string, bytes: () => Uint8Array | string): void => {
    if ((left -= code.length) < 0) return
    const plain = readable(bytes())
    if (plain !== null) found.push(plain)
  }
  for (const [code] of text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)) {
    if (/^(?:[\da-f]{2}){8,}$/i.test(code)) take(code, () => hexBytes(code))
    take(code, () => base64Bytes(code))
  }
  if (/(?:%[\da-f]{2}[^%]{0,20}){3}/i.test(text)) take(text, () => percentDecoded(text))
  return found
}

function readable(code: Uint8Array | string): string | null {
  const text = typeof code === 'string' ? code : new TextDecoder().decode(code)
  const wrong = text.match(/[\ufffd\0-\x08\x0e-\x1f]/g)?.length ?? 0
  return text.length >= 8 && wrong === 0 ? text : null
}

const hexBytes = (code: string): Uint8Array => Uint8Array.from(code.match(/../g) ?? [], (byte) => parseInt(byte, 16))

function base64Bytes(code: string): Uint8Array {
  const usual = code.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
  return Uint8Array.from(atob(usual.length % 4 === 1 ? usual.slice(0, -1) : usual), (unit) => unit.charCodeAt(0))
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'))
  } catch {
    return ''
  }
}
