import { TextDecoder } from 'node:util'

/**
 * An upload as text, in the character set its content type names (else UTF-8); undefined when it is not in it. A byte
 * order mark stays, as an org leaves it: it then belongs to the name of the first column.
 */
export function uploadText(body: unknown, contentType: string): string | undefined {
  if (!Buffer.isBuffer(body)) return ''
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}
