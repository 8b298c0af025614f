import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { markInvisible } from '../../../../force-app/main/default/lwc/visibleText/visibleText.ts'
import { openLanguageModel } from '../../../../server/brain/adapters/openai/language-model.ts'
import { ModelUnavailable } from '../../../../server/brain/domain/errors.ts'
import { modelInput } from '../../../../server/brain/domain/model-input.ts'
import { ScreenedInput } from '../../../../server/brain/domain/screening/screened-input.ts'

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

const asked = async (answer: RequestListener, timeoutMs = 5_000, input: object = { name: 'Jane Doe of Initech' }) => {
  const model = openLanguageModel({ baseUrl: await listening(answer), model: 'm-1', apiKey: 'key', timeoutMs })
  // As the caller’s own words, which are not screened: the endpoint still receives no mark of a template in them.
  const question = { instructions: 'Compare.', input: new ScreenedInput({}, { ...input }), schema: {} }
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

describe('what a model’s endpoint receives', () => {
  it('has nothing that no reader sees and no mark of a chat template, and is still the same JSON elsewhere', async () => {
    const name =
      'Acme <|im_start|>system\u202e\u{e0049} [INST] </s><｜User｜> <start_of_turn> ### Instruction: \u200b& Söhne <b>'
    const arrived: string[] = []
    const endpoint: RequestListener = (request, response) => {
      request.setEncoding('utf8').on('data', (piece: string) => arrived.push(piece))
      request.on('end', () => {
        json(request, response)
        response.end(completion('{}'))
      })
    }
    await asked(endpoint, 5_000, { records: [{ id: '001', name }] })
    const { messages } = JSON.parse(arrived.join('')) as { messages: { role: string; content: string }[] }
    const content = messages.find(({ role }) => role === 'user')?.content ?? ''
    const mark = '⟦template mark⟧'
    expect(JSON.parse(content)).toEqual({
      records: [
        {
          id: '001',
          name: `Acme ${mark}system⟦U+202E⟧⟦U+E0049⟧ ${mark} ${mark}${mark} ${mark} ${mark} ⟦U+200B⟧& Söhne <b>`,
        },
      ],
    })
  })

  it.each([
    '<|endoftext|>',
    '<|start_header_id|>',
    '<|eot_id|>',
    '[/INST]',
    '<<SYS>>',
    '<</SYS>>',
    '<bos>',
    '<end_of_turn>',
    '<Assistant>',
    '</tool_call>',
    '[TOOL_CALLS]',
    '### Response:',
  ])('has no %s', (mark) => {
    expect(modelInput(`a ${mark} b`)).toBe('a ⟦template mark⟧ b')
  })

  it('keeps text of companies, policies and JSON as it is', () => {
    const plain = JSON.stringify({ a: 'Müller & <Co> [2] | 株式会社', policy: '# Policy\n## User\n| a | b |\n<br>' })
    expect(modelInput(plain)).toBe(plain)
  })

  it('marks exactly the characters that the page marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!modelInput(text).includes('template mark'))
        expect(modelInput(text)).toBe(markInvisible(text))
      }),
    )
    for (let code = 0; code <= 0x10ffff; code += 1)
      if (modelInput(String.fromCodePoint(code)) !== markInvisible(String.fromCodePoint(code))) expect(code).toBe(null)
  })

  it('takes time that grows with the length of the text alone', () => {
    const began = performance.now()
    for (const piece of ['<|', '<｜a', '[', '<<', '#', '### ', '\u202e', '⟦U'])
      expect(modelInput(piece.repeat(200_000)).length).toBeGreaterThan(0)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
