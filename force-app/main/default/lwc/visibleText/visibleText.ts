// Marks characters that no reader can see, so that text from records, the brain or a model shows everything it holds.

/**
 * Controls but for tab and line break, halves of surrogate pairs, line and paragraph separators, everything that Unicode
 * calls default-ignorable (bidi controls, zero-width characters, tags, variation selectors, fillers), annotation marks,
 * the blank braille pattern, and spaces of unusual width. Beginnings of a marker in the text itself are marked as well:
 * so two different texts never look the same.
 */
const INVISIBLE =
  /(?!\r\n|[\t\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1680\u2000-\u200a\u202f\u205f\u2800\ufff9-\ufffb]|\u27e6(?=U\+)/gu

/** `⟦U+202E⟧` in place of each character that cannot be seen. For text as it came: markers are not to be marked again. */
export function markInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`
  })
}

/** Members that are hashed or signed as they came. The text of a leaf is marked where it is shown. */
const AS_THEY_CAME = new Set(['leaves', 'rights'])

/** The same for every text in an answer of the brain; members that are hashed or signed stay as they came. */
export function markInvisibleIn<T>(answer: T): T {
  return marked(answer) as T
}

function marked(value: unknown): unknown {
  if (typeof value === 'string') return markInvisible(value)
  if (Array.isArray(value)) return value.map(marked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, AS_THEY_CAME.has(name) ? member : marked(member)]),
  )
}
