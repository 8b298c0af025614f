import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openLanguageModel } from '../../../../server/brain/adapters/openai/language-model.ts'
import { ModelUnavailable } from '../../../../server/brain/domain/errors.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const asked = async (answer: RequestListener, timeoutMs = 5_000) => {
  const model = openLanguageModel({ baseUrl: await listening(answer), model: 'm-1', apiKey: 'key', timeoutMs })
  const question = { instructions: 'Compare.', input: 'Jane Doe of Initech', schema: {} }
  return model.answer(question, { mostTokens: 100_000 })
}
const json: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'application/json' })
const completion = (content: string, more: object = {}) =>
  JSON.stringify({ choices: [{ message: { role: 'assistant', content } }], ...more })

describe('a model’s endpoint that misbehaves', () => {
  it.each([301, 302, 303, 307, 308])(
    'is not followed elsewhere by a redirect (%d): no record leaves',
    async (status) => {
      let reached = 0
      const elsewhere = await listening((_request, response) => {
        reached += 1
        response.end(completion('{}'))
      })
      const redirect: RequestListener = (_request, response) =>
        void response.writeHead(status, { location: `${elsewhere}/chat/completions` }).end()
      await expect(asked(redirect)).rejects.toThrow(ModelUnavailable)
      expect(reached).toBe(0)
    },
  )

  it('is read no further than 64 kB', async () => {
    let sent = 0
    const endless: RequestListener = (request, response) => {
      json(request, response)
      const piece = Buffer.alloc(16_384, ' ')
      const more = (): void => {
        while (!response.destroyed && sent < 200 * 1024 * 1024) {
          sent += piece.length
          if (!response.write(piece)) return void response.once('drain', more)
        }
        response.end(completion('{}'))
      }
      more()
    }
    await expect(asked(endless)).rejects.toThrow(ModelUnavailable)
    expect(sent).toBeLessThan(20 * 1024 * 1024)
    const fitting: RequestListener = (request, response) => {
      json(request, response)
      response.end(completion('x'.repeat(60_000)))
    }
    expect((await asked(fitting)).text).toHaveLength(60_000)
  })

  it('has one deadline for head and body together', async () => {
    const dripping: RequestListener = (request, response) => {
      json(request, response)
      const drip = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(drip))
    }
    const begun = performance.now()
    await expect(asked(dripping, 300)).rejects.toThrow(ModelUnavailable)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })

  it.each([
    '{}',
    '[]',
    'null',
    '"hello"',
    '{"choices":[]}',
    '{"choices":[{}]}',
    '{"choices":[{"message":{"content":7}}]}',
    '{"error":"no"}',
    'not JSON',
    '',
  ])('is unavailable when it answers 200 and %s, so that the run holds', async (body) => {
    const answering: RequestListener = (request, response) => {
      json(request, response)
      response.end(body)
    }
    await expect(asked(answering)).rejects.toThrow(ModelUnavailable)
  })

  it('is asked for a bounded answer, and its name for itself is passed on', async () => {
    let request = {}
    const answering: RequestListener = (incoming, response) => {
      let text = ''
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
      incoming.on('end', () => {
        request = JSON.parse(text) as object
        json(incoming, response)
        response.end(completion('{}', { model: 'm-2', usage: { prompt_tokens: 70, completion_tokens: 2 } }))
      })
    }
    expect(await asked(answering)).toEqual({ text: '{}', model: 'm-2', tokens: { input: 70, output: 2 } })
    expect(request).toMatchObject({ max_completion_tokens: 8192 })
  })
})
