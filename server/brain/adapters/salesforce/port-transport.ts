import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { MessagePort } from 'node:worker_threads'

/** MCP between two threads of a process. It closes with the other thread. */
export class PortTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: <T extends JSONRPCMessage>(message: T) => void
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
  }

  start(): Promise<void> {
    this.#port.on('message', (message: JSONRPCMessage) => this.onmessage?.(message))
    this.#port.on('messageerror', (error: Error) => this.onerror?.(error))
    this.#port.once('close', () => this.onclose?.())
    return Promise.resolve()
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#port.postMessage(message)
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#port.close()
    return Promise.resolve()
  }
}
