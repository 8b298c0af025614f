// Guarantee 11: text of records is data, in the matcher, the sentence, the model's input, every answer and the stream.
import { beforeAll, describe, expect, it } from 'vitest'
import { markInvisible } from '../../force-app/main/default/lwc/visibleText/visibleText.ts'
import { modelInput } from '../../server/brain/domain/model-input.ts'
import { fit } from '../../server/brain/domain/say.ts'
import { factsOfAccount, factsOfLead } from '../../server/brain/matching/facts/company-facts.ts'
import { judge } from '../../server/brain/matching/judge.ts'
import type { DecisionView } from '../../server/contract/http.ts'
import { characterCount } from '../../server/contract/values/text.ts'
import { acmeProposal, CORP, INC, LEAD } from '../brain/decisions/acme.ts'
import { openDoor, type Door } from '../brain/http/server.ts'
import { until } from '../support/until.ts'
import { recordTexts } from './record-texts.ts'

const UNSEEN =
  /[\u202a-\u202e\u2066-\u2069\u200b-\u200d\ufeff\u{e0000}-\u{e007f}\u0007\u001b\u2028\u2029\u00ad\u3164\u2800]/u
const TEMPLATE = /<\||\|>|<｜|\[INST\]|<<SYS>>|<start_of_turn>|<\/?s>|<\/?system>|### Instruction:|<invoke>/
const account = (text: string) => ({ text, record: { object: 'Account', id: INC } })
const lead = (Company: string) =>
  factsOfLead(LEAD, { Company, Website: Company, Phone: Company, City: Company, Street: Company })

it('there are 64 of them at least', () => {
  expect(new Set(recordTexts).size).toBeGreaterThanOrEqual(64)
})

describe.each(recordTexts.map((text) => [JSON.stringify(text).slice(0, 50), text] as const))('%s', (_title, text) => {
  it('makes nothing the same that is not, and ends', () => {
    const begun = performance.now()
    const { Name: _name, ...acme } = {
      Name: '',
      Website: 'acme.example',
      Phone: '+1 617 555 0100',
      BillingCity: 'Boston',
    }
    const other = factsOfAccount(CORP, { Name: 'Globex Holdings', ...acme })
    expect(judge(lead(text), other).verdict).not.toBe('same')
    expect(judge(other, lead(text)).verdict).not.toBe('same')
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('stays a piece of its record in a line, in at most as many characters as the line has', () => {
    const line = fit(['Fold ', account(text), ' into ', account(text), '.'])
    expect(line[0]).toBe('Fold ')
    expect(line.filter((piece) => typeof piece !== 'string').every((piece) => piece.record?.id === INC)).toBe(true)
    const plain = line.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('')
    expect(characterCount(plain)).toBeLessThanOrEqual(90)
    expect(plain.isWellFormed()).toBe(true)
  })

  it('reaches people and models with marks for what is not seen, and models without marks of a template', () => {
    expect(markInvisible(text)).not.toMatch(UNSEEN)
    const input = modelInput(JSON.stringify({ name: text }))
    expect(input).not.toMatch(UNSEEN)
    expect(input).not.toMatch(TEMPLATE)
    expect(Object.keys(JSON.parse(input) as object)).toEqual(['name'])
  })
})

describe('the brain', () => {
  let door: Door
  beforeAll(async () => {
    door = await openDoor({ requestsPerMinute: 10_000, refusalsInARow: 1e9 })
  })

  /** What a tool answers, as its one text. */
  async function listedByTool(): Promise<{ items: { id: string; sentence: string }[] }> {
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'listDecisions', arguments: { status: 'open' } },
    }
    const headers = { accept: 'application/json, text/event-stream' }
    const response = await door.post('admin', '/mcp', message, headers)
    const { result } = (await response.json()) as { result: { content: { type: string; text: string }[] } }
    expect(result.content.map(({ type }) => type)).toEqual(['text'])
    return JSON.parse(result.content[0]!.text) as { items: { id: string; sentence: string }[] }
  }

  it('gives each of them as JSON text where the name stands, and adds no event to the stream', async () => {
    const stream = await door.listen('admin', '')
    await until('live', () => Promise.resolve(stream.text().includes(': live')))
    const ids: string[] = []
    // Eleven in one sentence: each run is computed again at the end.
    for (let n = 0; n < recordTexts.length; n += 11) {
      const texts = recordTexts.slice(n, n + 11)
      const pieces = texts.flatMap((text) => ['Fold ', account(text), ' away. '])
      const { decision } = await door.propose(acmeProposal({ sentence: pieces }))
      const sentence = texts.map((text) => `Fold ${text} away. `).join('')
      ids.push(decision.id)
      const response = await door.get('admin', `/api/v1/decisions/${decision.id}`)
      expect(response.headers.get('content-type')).toMatch(/^application\/json/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      const view = (await response.json()) as DecisionView
      expect([view.sentence, view.status]).toEqual([sentence, 'open'])
      const found = (await listedByTool()).items.find(({ id }) => id === decision.id)
      expect(found?.sentence).toBe(sentence)
    }
    const last = ids.at(-1)!
    await until('the last of them', () => Promise.resolve(stream.text().includes(last)))
    const names = new Set(stream.events.map(({ event }) => event))
    expect([...names].filter((name) => !['observation', 'run', 'decision'].includes(name))).toEqual([])
    expect(stream.text()).not.toContain('"status":"approved"')
    stream.close()
  }, 60_000)
})
