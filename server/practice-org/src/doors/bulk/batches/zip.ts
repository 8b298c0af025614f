import { inflateRawSync } from 'node:zlib'

/** Bytes that are no ZIP archive, or one that is too large. */
export class ZipError extends Error {}

const END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
const STORED = 0
const DEFLATED = 8

/**
 * The files of a ZIP archive by their path, folders left out. Plain archives alone: no encryption, no ZIP64.
 * Throws ZipError when it is none, or its files are together larger than `maxBytes`.
 */
export function readZip(archive: Buffer, maxBytes: number): Map<string, Buffer> {
  try {
    return filesOf(archive, maxBytes)
  } catch (error) {
    // Offsets beyond the archive, and deflated data that is none.
    if (error instanceof RangeError || (error instanceof Error && 'code' in error))
      throw new ZipError('not a ZIP archive')
    throw error
  }
}

function filesOf(archive: Buffer, maxBytes: number): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || archive.length < end + END_BYTES || archive.readUInt32LE(end) !== END)
    throw new ZipError('not a ZIP archive')
  const files = new Map<string, Buffer>()
  let left = maxBytes
  let at = archive.readUInt32LE(end + 16)
  for (let n = archive.readUInt16LE(end + 10); n > 0; n -= 1) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new ZipError('not a ZIP archive')
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const name = archive.toString('utf8', at + 46, at + 46 + (nameBytes ?? 0))
    if (!name.endsWith('/')) {
      const content = contentOf(archive, at, left)
      left -= content.length
      files.set(name, content)
    }
    at += 46 + (nameBytes ?? 0) + (extraBytes ?? 0) + (commentBytes ?? 0)
  }
  return files
}

function contentOf(archive: Buffer, entry: number, maxBytes: number): Buffer {
  const method = archive.readUInt16LE(entry + 10)
  const packed = archive.readUInt32LE(entry + 20)
  const local = archive.readUInt32LE(entry + 42)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const bytes = archive.subarray(start, start + packed)
  if (method !== STORED && method !== DEFLATED) throw new ZipError(`compression method ${method} is not supported`)
  // One byte more than allowed tells a file that is too large from one that just fits.
  const content = method === STORED ? bytes : inflateRawSync(bytes, { maxOutputLength: maxBytes + 1 })
  if (content.length > maxBytes) throw new ZipError('the files of the archive are too large')
  return content
}
