// Salesforce record ids: 15 characters where case matters, or 18 with a checksum of the case.

const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

function suffixOf(id15: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [...id15.slice(start, start + 5)].map((c, i) => (c >= 'A' && c <= 'Z' ? 1 << i : 0))
      return CHECK[bits.reduce((sum, bit) => sum + bit, 0)]
    })
    .join('')
}

/** The 18-character form of a 15- or 18-character id, or null when the text is no record id. */
export function recordId18(text: string): string | null {
  if (!/^[a-zA-Z0-9]+$/.test(text)) return null
  if (text.length === 15) return text + suffixOf(text)
  return isRecordId(text) ? text : null
}

/** True for an 18-character id whose checksum fits: text of that length that is not an id practically never does. */
export function isRecordId(text: string): boolean {
  return /^[a-zA-Z0-9]{18}$/.test(text) && text.slice(15) === suffixOf(text.slice(0, 15))
}
