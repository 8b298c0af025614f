import express, { type RequestHandler } from 'express'
import { TextDecoder } from 'node:util'
import { refusal } from './errors.ts'

/** Reads any body as bytes, so that each door parses (and refuses) it in its own words. */
export function readBody(limitBytes: number): RequestHandler {
  return express.raw({ type: () => true, limit: limitBytes })
}

/** The body as text; throws JSON_PARSER_ERROR when it is not UTF-8. */
export function bodyText(body: unknown): string {
  if (!Buffer.isBuffer(body)) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw refusal.badJson('Invalid UTF-8 in request body at [line:1, column:0]')
  }
}

/** The body as JSON, `undefined` when there is none; throws the org's JSON_PARSER_ERROR with line and column. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  const value = parsed(text)
  if (isTooDeep(value)) throw refusal.badJson(`The request body is nested deeper than ${MAX_DEPTH} levels`)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal.badJson(parserMessage(text, error))
  }
}

/** Far deeper than any call needs, far less than what recursion over a body can take. */
const MAX_DEPTH = 100

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    if (level.length === 0) return false
  }
  return true
}

/** Where the text stops being JSON: the engine tells of some mistakes only, so the longest text that could still go on is looked for. */
function mistakeIn(text: string, told: string): number {
  const at = /position (\d+)/.exec(told)
  if (at) return Number(at[1])
  let [sound, spoiled] = [0, text.length + 1]
  while (spoiled - sound > 1) {
    const middle = Math.floor((sound + spoiled) / 2)
    if (goesOn(text.slice(0, middle))) sound = middle
    else spoiled = middle
  }
  return sound
}

function goesOn(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const told = error instanceof Error ? error.message : ''
    const at = /position (\d+)/.exec(told)
    return at ? Number(at[1]) >= start.length : /end of JSON|Unterminated/.test(told)
  }
}

function parserMessage(text: string, error: unknown): string {
  const offset = mistakeIn(text, error instanceof Error ? error.message : '')
  const before = text.slice(0, offset).split('\n')
  const place = `[line:${before.length}, column:${(before.at(-1)?.length ?? 0) + 1}]`
  const character = text[offset]
  if (character === undefined) return `Unexpected end-of-input: expected close marker at ${place}`
  return `Unexpected character ('${character}' (code ${character.codePointAt(0)})): was expecting a valid value at ${place}`
}
