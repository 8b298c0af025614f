import anyAscii from 'any-ascii'

/** ASCII words of a text in lower case: accents folded, apostrophes dropped, all other signs are gaps. */
export function words(text: string): string[] {
  return anyAscii(text)
    .toLowerCase()
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[&+]/g, ' and ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}
