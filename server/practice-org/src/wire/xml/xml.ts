import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { SoapFault } from './fault.ts'

/** An element by local names: text, a nested element, or several of the same name. `null` is `xsi:nil`. */
export type XmlValue = string | null | XmlElement | XmlValue[]
export interface XmlElement {
  [localName: string]: XmlValue
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numeric references to any character; named ones were checked before.
  htmlEntities: true,
})

const CDATA = /<!\[CDATA\[.*?\]\]>|<!--.*?-->/gs
/** A reference to an entity that XML does not define by itself. */
const STRAY_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i

/** Far above what 200 rows can need: nobody else is answered while a request is being parsed. */
const MAX_TAGS = 400_000
const MAX_TAG_LENGTH = 65_536

/** Whether parsing would keep the org from answering anybody for seconds. */
function isTooMuch(text: string): boolean {
  let tags = 0
  for (const [tag] of text.matchAll(/<[^<>]*/g)) {
    tags += 1
    if (tags > MAX_TAGS || (tag.length > MAX_TAG_LENGTH && !tag.startsWith('<!'))) return true
  }
  return false
}

/**
 * Parses a SOAP body by local names, so that whatever prefixes a client chose do not matter; text stays text.
 * Throws SoapFault when it is not well formed or brings a DTD (entities of its own are never expanded).
 */
export function parseXml(text: string): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new SoapFault('soapenv:Client', 'DTDs are not allowed')
  if (isTooMuch(text)) throw new SoapFault('soapenv:Client', 'The request has too many or too long elements')
  if (STRAY_ENTITY.test(text.replace(CDATA, '')) || XMLValidator.validate(text) !== true)
    throw new SoapFault('soapenv:Client', 'The request is not well formed XML')
  try {
    const value = simplify(parser.parse(text) as unknown)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value
  } catch (error) {
    if (error instanceof SoapFault) throw error
  }
  throw new SoapFault('soapenv:Client', 'The request is not well formed XML')
}

/** Drops attributes and the white space between elements. */
function simplify(value: unknown): XmlValue {
  if (Array.isArray(value)) return value.map(simplify)
  if (value === null || typeof value !== 'object') return String(value ?? '')
  const entries = Object.entries(value)
  if (entries.some(([name, flag]) => name === '@nil' && (flag === 'true' || flag === '1'))) return null
  const children = entries.filter(([name]) => !name.startsWith('@') && name !== '#text')
  if (children.length === 0) return String(entries.find(([name]) => name === '#text')?.[1] ?? '')
  return Object.fromEntries(children.map(([name, child]) => [name, simplify(child)]))
}

/** The element's children of this name, none, one or many, as a list. */
export function all(element: XmlElement, name: string): XmlValue[] {
  if (!Object.hasOwn(element, name)) return []
  const value = element[name] ?? null
  return Array.isArray(value) ? value : [value]
}

export function elements(element: XmlElement, name: string): XmlElement[] {
  return all(element, name).map((value) => (isElement(value) ? value : {}))
}

export function texts(element: XmlElement, name: string): string[] {
  return all(element, name).flatMap((value) => (typeof value === 'string' ? [value.trim()] : []))
}

export function text(element: XmlElement, name: string): string | undefined {
  return texts(element, name)[0]
}

/** Whether the text of an `xsd:boolean` child says true. */
export function flag(element: XmlElement, name: string): boolean {
  return ['true', '1'].includes(text(element, name) ?? '')
}

export function child(element: XmlElement, name: string): XmlElement {
  return elements(element, name)[0] ?? {}
}

export function isElement(value: XmlValue | undefined): value is XmlElement {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
