import express, { type RequestHandler } from 'express'
import { TextDecoder } from 'node:util'
import { refusal } from './errors.ts'
import { jsonMistake } from './json-mistake.ts'

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
    throw refusal.badJson(jsonMistake(text, error instanceof Error ? error.message : ''))
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
