// Gives jsdom what every browser has and the components use: WebCrypto, text codecs and readable streams.
const { webcrypto } = require('node:crypto')
const { TextDecoder, TextEncoder } = require('node:util')
const { ReadableStream } = require('node:stream/web')

Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })
Object.assign(globalThis, { TextDecoder, TextEncoder, ReadableStream })
