import { locate, type SchemaField } from './compound.ts'

/**
 * Field names as the bitmaps of a change event header: `0x…` in upper-case hex with bit i for field i, then
 * `<parent index>-0x…` for the parts of compound fields. Clients only look for parts after a leading top-level bitmap.
 */
export function fieldBitmaps(fields: SchemaField[], names: string[]): string[] {
  if (names.length === 0) return []
  let top = 0n
  const nested = new Map<number, bigint>()
  for (const name of names) {
    const at = locate(fields, name)
    if (!at) continue
    if (at.part === undefined) top |= 1n << BigInt(at.index)
    else nested.set(at.index, (nested.get(at.index) ?? 0n) | (1n << BigInt(at.part)))
  }
  // A name that changed in its parts is told by them alone.
  for (const index of nested.keys()) top &= ~(1n << BigInt(index))
  if (top === 0n && nested.size === 0) return []
  return [hex(top), ...[...nested].sort(([a], [b]) => a - b).map(([index, bits]) => `${index}-${hex(bits)}`)]
}

function hex(bits: bigint): string {
  const digits = bits.toString(16).toUpperCase()
  return `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`
}
