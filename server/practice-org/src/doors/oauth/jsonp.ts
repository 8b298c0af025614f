import type { Response } from 'express'
import type { Form } from './form.ts'

/** A name a script may call, parts joined by dots; anything else would let a caller write the script. */
const FUNCTION = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/

/** The function that a page wants to be called with the answer; undefined when it names none, or what is none. */
export function callbackOf(form: Form): string | undefined {
  const name = form.get('callback')
  return name !== undefined && FUNCTION.test(name) ? name : undefined
}

/** Sends JSON as a script that calls a function of the page with it. Always with 200: a browser runs no other script. */
export function sendScript(res: Response, callback: string, value: unknown): void {
  const json = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  res.status(200).set('Content-Type', 'application/javascript;charset=UTF-8')
  res.end(`${callback}(${json});`)
}
