// The SOAP partner API: one POST door, one table of calls, faults as HTTP 500.

import { Router, type Request, type Response } from 'express'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { bodyText } from '../../wire/http/body.ts'
import { refusal } from '../../wire/http/errors.ts'
import type { Usage } from '../../wire/http/usage.ts'
import { signedInByToken } from '../../wire/sessions/bearer.ts'
import type { Sessions } from '../../wire/sessions/sessions.ts'
import { keepPassword, process, sendEmail } from './absent-calls.ts'
import { convertLead } from './convert-lead-call.ts'
import { describeGlobal, describeLayout, describeSObject, describeSObjects } from './describe-calls.ts'
import { findDuplicates, findDuplicatesByIds } from './duplicate-calls.ts'
import { faultEnvelope, metadataFaultEnvelope, parseEnvelope, responseXml, type SoapCall } from './envelope.ts'
import { faultOf, faultXml, SoapFault } from '../../wire/xml/fault.ts'
import { merge } from './merge-call.ts'
import { answerMetadata } from './metadata-door.ts'
import { query, queryAll, queryMore, retrieve, search } from './query-calls.ts'
import { getDeleted, getUpdated } from './replication-calls.ts'
import { create, emptyRecycleBin, remove, undelete, update, upsert } from './row-calls.ts'
import {
  getServerTimestamp,
  getUserInfo,
  invalidateSessions,
  login,
  logout,
  type SessionContext,
} from './session-calls.ts'
import { versionOf } from './soap-version.ts'
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

type Call = (call: SoapCall, org: Org, caller: Caller, session: SessionContext) => unknown[]

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
  ['describeGlobal', describeGlobal],
  ['describeSObject', describeSObject],
  ['describeSObjects', describeSObjects],
  ['describeLayout', describeLayout],
  ['retrieve', retrieve],
  ['search', search],
  ['getUpdated', getUpdated],
  ['getDeleted', getDeleted],
  ['findDuplicates', findDuplicates],
  ['findDuplicatesByIds', findDuplicatesByIds],
  ['getUserInfo', getUserInfo],
  ['getServerTimestamp', getServerTimestamp],
  ['logout', logout],
  ['invalidateSessions', invalidateSessions],
  ['sendEmail', sendEmail],
  ['process', process],
  ['setPassword', keepPassword],
  ['resetPassword', keepPassword],
])

/** Every call this door answers. */
export const SOAP_CALLS = ['login', ...CALLS.keys()]

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
  // The enterprise endpoint speaks another language: calls of the partner WSDL are none of its operations.
  router.post(['/services/Soap/c/:version', '/services/Soap/c/:version/:orgId'], (req, res) => {
    try {
      versionOf(req)
      throw noOperation(parseEnvelope(bodyText(req.body)))
    } catch (error) {
      sendXml(res, 500, faultEnvelope(faultXml(asFault(error))))
    }
  })
  router.post(['/services/Soap/m/:version', '/services/Soap/m/:version/:orgId'], (req, res) => {
    try {
      sendXml(res, 200, answerMetadata(req, door))
    } catch (error) {
      sendXml(res, 500, metadataFaultEnvelope(asFault(error)))
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
  const version = versionOf(req)
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
  const work = CALLS.get(call.method)
  if (!work) throw noOperation(call)
  const { sessions, sessionSeconds, now } = door
  return work(call, org, caller, { org, sessions, token, sessionSeconds, now })
}

function noOperation({ namespace, method }: SoapCall): SoapFault {
  const name = `{${namespace}}${method}`
  const text = `No operation available for request ${name}, please check the WSDL for the service.`
  return new SoapFault('soapenv:Client', text)
}

function sendXml(res: Response, status: number, xml: string): void {
  res.status(status).set('Content-Type', 'text/xml;charset=UTF-8').end(xml)
}
