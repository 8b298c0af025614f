import { refusal } from '../../wire/http/errors.ts'

export interface Multipart {
  /** Part by its name in `Content-Disposition`. */
  get(name: string): string | undefined
}

/** The boundary of a `multipart/form-data` content type; undefined for any other. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const [, quoted, plain] =
    /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '') ?? []
  return quoted ?? plain
}

/** The parts of a form, as text. Throws OrgError for a body that is none. */
export function readMultipart(text: string, boundary: string): Multipart {
  const parts = new Map<string, string>()
  const [, ...sections] = `\n${text}`.split(`\n--${boundary}`)
  const end = sections.findIndex((section) => section.startsWith('--'))
  if (end < 0) throw refusal.badInput('The multipart body has no end')
  for (const section of sections.slice(0, end)) {
    const [, head = '', content = ''] = /^[ \t]*\r?\n(.*?)\r?\n\r?\n(.*?)\r?$/s.exec(section) ?? []
    const name = /^content-disposition:.*?\bname="?([^";\r\n]+)"?/im.exec(head)?.[1]
    if (name !== undefined) parts.set(name, content)
  }
  return parts
}
