import type { Request } from 'express'
import { API_VERSIONS, isRetired, retiredText } from '../../org/api-versions.ts'
import { SoapFault } from '../../wire/xml/fault.ts'

/** The version in the address. Throws SoapFault UNSUPPORTED_API_VERSION when the org does not speak it. */
export function versionOf(req: Request): string {
  const version = String(req.params['version'])
  if (API_VERSIONS.includes(version)) return version
  const text = isRetired(version) ? retiredText(version) : 'Invalid Api version specified on URL'
  throw new SoapFault('sf:UNSUPPORTED_API_VERSION', `UNSUPPORTED_API_VERSION: ${text}`)
}
