import type { RequestHandler } from 'express'
import type { Server } from 'node:http'
import { errorEntry, refusal, sendError } from './errors.ts'

/** An org takes addresses and headers of up to 16 KB each (REST guide, status codes 414 and 431). */
const LIMIT_BYTES = 16_384

/** Refuses requests whose address (414) or headers (431) are longer than an org takes. */
export const refuseTooLong: RequestHandler = (req, res, next) => {
  if (req.url.length > LIMIT_BYTES) return sendError(res, refusal.uriTooLong().body)
  let bytes = 0
  for (const part of req.rawHeaders) bytes += part.length
  if (bytes > LIMIT_BYTES) return sendError(res, refusal.headersTooLong().body)
  next()
}

/** Says the same where the parser gives up before there is a request; anything else that is no HTTP is a 400. */
export function answerUnparsed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const tooLong = error.code === 'HPE_HEADER_OVERFLOW'
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    const { body } = tooLong ? refusal.headersTooLong() : refusal.badInput('The request is malformed')
    const line = tooLong ? '431 Request Header Fields Too Large' : late ? '408 Request Timeout' : '400 Bad Request'
    const text = JSON.stringify([errorEntry(body)])
    const type = 'Content-Type: application/json;charset=UTF-8'
    socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\n${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`)
  })
}
