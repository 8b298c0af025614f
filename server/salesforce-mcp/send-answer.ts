import type { Response } from 'express'
import { ANSWER_HEADER, bodyDigest, CHALLENGE_HEADER } from '../contract/call-token.ts'
import type { AnswerSigner } from './door/answer-signer.ts'
import type { Call } from './door/call-check.ts'

/** A request with a token that is not right, or not for this. */
export interface CallRefusal {
  /** Null when the token shows none. */
  caller: string | null
  /** The answer’s words: nothing of what was sent. */
  rule: string
}

/** What a request is known by: how its answer is signed, and the call once its token was found right. */
interface Known {
  sign: AnswerSigner
  nextChallenge: () => string
  onRefused: (refusal: CallRefusal) => void
  call?: Call
  /** `bodyDigest` of the bytes that were read; absent while none were. */
  read?: string
}

/** Read and written by the handlers of one request. */
export const knownOf = (response: Response): Known => response.locals as Known

/** The call of a request whose token was found right. Throws TypeError for any other. */
export function callOf(response: Response): Call {
  const { call } = knownOf(response)
  if (!call) throw new TypeError('this request has no call')
  return call
}

/** True when the bytes that were read are those that the token is for. */
export const isBodyOf = ({ body }: Call, read: string | undefined): boolean => (read ?? bodyDigest('')) === body

/** Answers with JSON, signed for the caller of a right token, and with the challenge for the next call. */
export async function sendJson(response: Response, status: number, value: object): Promise<void> {
  await sendText(response.type('application/json'), status, JSON.stringify(value))
}

/** Answers with text of the type that is set. */
export async function sendText(response: Response, status: number, text: string): Promise<void> {
  const { sign, nextChallenge, call } = knownOf(response)
  response.set(CHALLENGE_HEADER, nextChallenge())
  if (call) response.set(ANSWER_HEADER, await sign(call, status, text))
  response.status(status).end(text)
}
