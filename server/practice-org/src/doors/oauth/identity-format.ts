import type { Request, Response } from 'express'
import { sendJson } from '../../wire/http/errors.ts'
import { buildXml } from '../../wire/xml/build-xml.ts'
import { formOf } from './form.ts'
import { callbackOf, sendScript } from './jsonp.ts'
import { NEWEST_VERSION } from '../../org/api-versions.ts'

const FORMATS = ['json', 'xml', 'urlencoded'] as const
type Format = (typeof FORMATS)[number]

const MEDIA: [type: string, format: Format][] = [
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['application/x-www-form-urlencoded', 'urlencoded'],
  ['*/*', 'json'],
]

/**
 * Sends the identity as the caller wants it: JSON, XML or a form, by `format` or else by the first type of `Accept` that is
 * known; JSON inside a `callback`; with the API version in its addresses when `version` names one.
 */
export function sendIdentity(req: Request, res: Response, identity: Record<string, unknown>): void {
  const form = formOf(req)
  const asked = form.get('version')
  const version = asked === 'latest' ? NEWEST_VERSION : asked
  const body = version && /^\d\d\.0$/.test(version) ? withVersion(identity, version) : identity
  const format = FORMATS.find((one) => one === form.get('format')) ?? accepted(req.headers.accept)
  if (format === 'xml') {
    res.set('Content-Type', 'application/xml;charset=UTF-8')
    res.end(buildXml({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, user: { [XSI]: SCHEMA, ...body } }))
  } else if (format === 'urlencoded') {
    res.set('Content-Type', 'application/x-www-form-urlencoded;charset=UTF-8')
    res.end(new URLSearchParams(flat(body)).toString())
  } else {
    const callback = callbackOf(form)
    if (callback) sendScript(res, callback, body)
    else sendJson(res, body)
  }
}

const XSI = '@xmlns:xsi'
const SCHEMA = 'http://www.w3.org/2001/XMLSchema-instance'

function accepted(header = ''): Format {
  for (const part of header.split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase()
    const known = MEDIA.find(([media]) => media === type)
    if (known) return known[1]
  }
  return 'json'
}

function withVersion(body: Record<string, unknown>, version: string): Record<string, unknown> {
  const text = JSON.stringify(body).replaceAll('{version}', version)
  return JSON.parse(text) as Record<string, unknown>
}

/** Nested values by the last of their names, blanks empty. */
function flat(body: Record<string, unknown>): [string, string][] {
  return Object.entries(body).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === undefined) return [[name, '']]
    return typeof value === 'object' ? flat(value as Record<string, unknown>) : [[name, String(value)]]
  })
}
