// A streaming client by hand: each message is one request, each answer what the org says word for word.
import type { PracticeOrg } from '../../../src/compose.ts'
import { ADMIN, tokenOf } from '../../support/running-org.ts'

export type Message = Record<string, unknown>

export interface Bayeux {
  token: string
  clientId: string
  /** The answers to these messages. */
  send(...messages: Message[]): Promise<Message[]>
  /** Why a subscription is refused; undefined when it is not. */
  subscribe(channel: string, replayId?: number): Promise<unknown>
  /** What has come on the channels since the last time. */
  data(): Promise<Message[]>
}

export async function post(org: PracticeOrg, body: unknown, token?: string, path = '/cometd/67.0') {
  const response = await fetch(`${org.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `OAuth ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Message[] }
}

/** A client that has shaken hands and connected once. */
export async function bayeux(org: PracticeOrg, username = ADMIN): Promise<Bayeux> {
  const token = await tokenOf(org.url, username)
  const [hand] = (await post(org, [{ channel: '/meta/handshake', version: '1.0' }], token)).body
  const clientId = String(hand?.['clientId'])
  const send = async (...messages: Message[]) =>
    (
      await post(
        org,
        messages.map((message) => ({ clientId, ...message })),
        token,
      )
    ).body
  const connect = () => send({ channel: '/meta/connect', connectionType: 'long-polling' })
  await connect()
  return {
    token,
    clientId,
    send,
    subscribe: async (subscription, replayId) => {
      const ext = replayId === undefined ? {} : { ext: { replay: { [subscription]: replayId } } }
      const [answer] = await send({ channel: '/meta/subscribe', subscription, ...ext })
      return answer?.['error']
    },
    data: async () => (await connect()).filter(({ channel }) => !String(channel).startsWith('/meta/')),
  }
}
