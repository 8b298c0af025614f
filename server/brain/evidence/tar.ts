/** A tar archive (POSIX ustar) of plain files with short names. */
export function tarOf(files: ReadonlyMap<string, string>): Buffer {
  const blocks: Buffer[] = []
  for (const [name, text] of files) {
    const content = Buffer.from(text, 'utf8')
    blocks.push(headerOf(name, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK))
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

const BLOCK = 512

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  if (Buffer.byteLength(name) > 99) throw new RangeError('a name in a tar archive has at most 99 bytes')
  header.write(name, 0)
  header.write(octal(0o644, 7), 100)
  header.write(octal(0, 7) + octal(0, 7), 108)
  header.write(octal(size, 11) + octal(0, 11), 124)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
