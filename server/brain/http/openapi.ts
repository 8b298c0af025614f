// OpenAPI 3.1, written from the same schemas the routes parse with.
import { z } from 'zod'
import { Problem } from '../../contract/problem.ts'
import type { Route } from './requests/route.ts'

/** Paths without a token; their answers are not JSON documents of this API. */
const OPEN_PATHS = {
  '/health/live': {
    get: { summary: 'The process runs', security: [], responses: { 200: { description: 'It does' } } },
  },
  '/health/ready': {
    get: {
      summary: 'The process can serve',
      security: [],
      responses: { 200: { description: 'It can' }, 503: { description: 'It cannot now' } },
    },
  },
  '/metrics': { get: { summary: 'Prometheus metrics', security: [], responses: { 200: { description: 'Text' } } } },
  '/openapi.json': { get: { summary: 'This document', security: [], responses: { 200: { description: 'OpenAPI' } } } },
}

export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, unknown>> = { ...OPEN_PATHS }
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  return {
    openapi: '3.1.0',
    info: { title: 'Missions for Salesforce', version: '1' },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: schemaOf(Problem, 'output') },
    },
  }
}

function operationOf(route: Route): object {
  const content = {
    [isStream(route) ? 'text/event-stream' : 'application/json']: { schema: schemaOf(route.answers, 'output') },
  }
  return {
    summary: route.summary,
    description: `Needs ${route.needs.join(' or ')}.`,
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } }
      : {}),
    responses: { [route.status]: { description: 'OK', content }, default: PROBLEM },
  }
}

const PROBLEM = {
  description: 'What went wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

const isStream = ({ path }: Route) => path.endsWith('/stream')

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const pathParameters = ({ path }: Route) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

function queryParameters({ query }: Route) {
  if (!(query instanceof z.ZodObject)) return []
  return Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }))
}

const headerParameters = ({ headers }: Route) =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: name === 'Idempotency-Key',
    description,
    schema: { type: 'string' },
  }))
