// The SOAP partner API: one POST door, one table of calls, faults as HTTP 500.

import { Router, type Request, type Response } from 'express'
import { OrgError, type Caller, type Org } from '../../org.ts'
import { bodyText } from '../http/body.ts'
import { refusal } from '../http/errors.ts'
import type { Usage } from '../http/usage.ts'
import { signedInByToken } from '../oauth/bearer.ts'
import type { Sessions } from '../oauth/sessions.ts'
import { API_VERSIONS } from '../rest/describe.ts'
import { convertLead } from './convert-lead-call.ts'
import { faultEnvelope, parseEnvelope, responseXml, type SoapCall } from './envelope.ts'
import { faultOf, faultXml, SoapFault } from './fault.ts'
import { merge } from './merge-call.ts'
import { query, queryAll, queryMore } from './query-calls.ts'
import { create, emptyRecycleBin, remove, undelete, update, upsert } from './row-calls.ts'
import { getUserInfo, login } from './session-calls.ts'
import { describeTabs } from './tabs-call.ts'

export interface SoapDoor {
  orgFor: (req: Request) => Org
  sessions: Sessions
  usage: Usage
  instanceUrl: (req: Request) => string
  now: () => number
  password: string
  sessionSeconds: number
}

type Call = (call: SoapCall, org: Org, caller: Caller) => unknown[]

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['query', query],
  ['queryAll', queryAll],
  ['queryMore', queryMore],
  ['create', create],
  ['update', update],
  ['upsert', upsert],
  ['delete', remove],
  ['undelete', undelete],
  ['emptyRecycleBin', emptyRecycleBin],
  ['merge', merge],
  ['convertLead', convertLead],
  ['describeTabs', describeTabs],
])

/** Every call this door answers. */
export const SOAP_CALLS = ['login', 'logout', 'getUserInfo', 'getServerTimestamp', ...CALLS.keys()]

/** Expects bodies as bytes (`readBody`). */
export function soapRouter(door: SoapDoor): Router {
  const router = Router()
  router.post(['/services/Soap/u/:version', '/services/Soap/u/:version/:orgId'], (req, res) => {
    try {
      sendXml(res, 200, answer(req, door))
    } catch (error) {
      sendXml(res, 500, faultEnvelope(faultXml(asFault(error))))
    }
  })
  return router
}

/** Sends a refusal that another layer decided on, in the shape SOAP clients read. */
export function sendSoapFault(res: Response, error: OrgError): void {
  sendXml(res, error.body.status === 503 ? 503 : 500, faultEnvelope(faultXml(faultOf(error))))
}

function asFault(error: unknown): SoapFault {
  if (error instanceof SoapFault) return error
  if (error instanceof OrgError) return faultOf(error)
  throw error
}

function answer(req: Request, door: SoapDoor): string {
  const version = String(req.params['version'])
  if (!API_VERSIONS.includes(version)) {
    throw new SoapFault('sf:UNSUPPORTED_API_VERSION', 'UNSUPPORTED_API_VERSION: Invalid Api version specified on URL')
  }
  const org = door.orgFor(req)
  const call = parseEnvelope(bodyText(req.body))
  const results =
    call.method === 'login' ? login(call, loginContext(req, door, org, version)) : run(call, org, version, door)
  return responseXml(call.method, results, door.usage)
}

function loginContext(req: Request, door: SoapDoor, org: Org, version: string) {
  const { sessions, password, sessionSeconds } = door
  return { org, sessions, password, sessionSeconds, version, instanceUrl: door.instanceUrl(req) }
}

function run(call: SoapCall, org: Org, version: string, door: SoapDoor): unknown[] {
  if (!call.sessionId) throw refusal.badSession()
  const { user, token } = signedInByToken(call.sessionId, door.sessions, org)
  const { client } = call
  door.usage.add({ client, username: user.username, api: 'soap' })
  const caller: Caller = { userId: user.id, api: 'soap', version, ...(client ? { client } : {}) }
  if (call.method === 'getUserInfo') return getUserInfo(call, org, caller, door.sessionSeconds)
  if (call.method === 'getServerTimestamp') return [{ timestamp: new Date(door.now()).toISOString() }]
  if (call.method === 'logout') {
    door.sessions.revoke(token)
    return []
  }
  const work = CALLS.get(call.method)
  if (!work) throw new SoapFault('soapenv:Client', `No operation available for request ${call.method}`)
  return work(call, org, caller)
}

function sendXml(res: Response, status: number, xml: string): void {
  res.status(status).set('Content-Type', 'text/xml;charset=UTF-8').end(xml)
}
