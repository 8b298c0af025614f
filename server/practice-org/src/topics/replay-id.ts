/** A replay id on the wire: 8 bytes, big endian. */
export function encodeReplayId(replayId: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(replayId))
  return bytes
}

/** Undefined when these are not 8 bytes of a number this org could have issued. */
export function decodeReplayId(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 8) return undefined
  const value = Buffer.from(bytes).readBigUInt64BE()
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
}
