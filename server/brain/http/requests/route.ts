// A route: method, path, permissions, schemas of input and output. The app mounts routes; OpenAPI is generated from them.
import type { Request, Response } from 'express'
import { z } from 'zod'
import { Forbidden } from '../../domain/errors.ts'
import type { SessionCaller } from './caller.ts'
import { parseGiven } from './parse-given.ts'
import type { RouteContext } from './route-context.ts'

type Permission = 'View_Missions' | 'Launch_Missions' | 'Decide_Missions' | 'Administer_Missions' | 'Audit_Missions'

/** An authenticated, permitted and parsed request. */
export interface RouteRequest<Q, B> {
  caller: SessionCaller
  /** A path parameter. */
  param(name: string): string
  query: Q
  body: B
  header(name: string): string | undefined
  request: Request
  response: Response
}

interface Spec<Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: 'get' | 'post'
  /** OpenAPI form: `/api/v1/decisions/{id}`. */
  path: string
  summary: string
  /** One of these permissions is enough; every route except launching and administering also requires `View_Missions`. */
  needs?: readonly Permission[]
  query?: Q
  body?: B
  headers?: Readonly<Record<string, string>>
  /** Schema of the answer; keys it does not name are dropped. */
  answers: R
  status?: number
  /** Undefined when the handler wrote the answer itself, as a stream does. */
  handle(doors: RouteContext, asked: RouteRequest<z.output<Q>, z.output<B>>): Promise<z.input<R> | undefined>
}

export interface Route {
  method: 'get' | 'post'
  path: string
  summary: string
  needs: readonly Permission[]
  query: z.ZodType | null
  body: z.ZodType | null
  headers: Readonly<Record<string, string>>
  answers: z.ZodType
  status: number
  serve(doors: RouteContext, caller: SessionCaller, request: Request, response: Response): Promise<void>
}

const Nothing = z.strictObject({})
type Nothing = typeof Nothing
const Params = z.record(z.string(), z.string())

/** Declares a route; its handler gets only parsed input of a permitted caller. */
export function route<R extends z.ZodType, Q extends z.ZodType = Nothing, B extends z.ZodType = Nothing>(
  spec: Spec<Q, B, R>,
): Route {
  const { method, path, summary, needs = ['View_Missions'], headers = {}, answers, status = 200 } = spec
  return {
    method,
    path,
    summary,
    needs,
    headers,
    answers,
    status,
    query: spec.query ?? null,
    body: spec.body ?? null,
    async serve(doors, caller, request, response) {
      requirePermission(caller, needs)
      const params = parseGiven(Params, request.params, 'path')
      const asked: RouteRequest<z.output<Q>, z.output<B>> = {
        caller,
        param: (name) => params[name] ?? '',
        query: parseGiven(spec.query ?? Nothing, request.query, 'query') as z.output<Q>,
        body: parseGiven(spec.body ?? Nothing, bodyOf(request, spec.body), 'body') as z.output<B>,
        header: (name) => request.get(name),
        request,
        response,
      }
      const answer = await spec.handle(doors, asked)
      if (answer !== undefined) response.status(status).json(answers.parse(answer))
    },
  }
}

function requirePermission(caller: SessionCaller, needs: readonly Permission[]): void {
  if (needs.some((permission) => caller.permissions.includes(permission))) return
  throw new Forbidden('You lack a permission for this.', needs.join(' or '))
}

const bodyOf = (request: Request, schema: z.ZodType | undefined): unknown => (schema ? (request.body ?? {}) : {})
