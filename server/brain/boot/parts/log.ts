import { pino, type Logger } from 'pino'
import type { ModelCall } from '../../domain/model-call.ts'
import { BrainError, SalesforceError } from '../../domain/errors.ts'

/** The process's log, one JSON object per line on standard output: ids and codes, never what records hold. */
export function openLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
}

/** What may be logged of an error: its kind and where it was thrown. Messages may quote records. */
export function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const where = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
  const cause = error.cause === undefined ? {} : { cause: factsOf(error.cause) }
  if (error instanceof SalesforceError) {
    const { code, orgCode } = error.error
    return { error: 'SalesforceError', tool: error.tool, code, orgCode, ...cause }
  }
  const code =
    error instanceof BrainError || ('code' in error && typeof error.code === 'string') ? error.code : undefined
  return { error: error.name, code, where, ...cause }
}

/** A call of a language model under the field names of OpenTelemetry for generative models, with the run's own beside them. */
export function modelCallEvent(call: ModelCall): Record<string, unknown> {
  const { runId, mission, phase, key, by, asked, answered, outcome, inputTokens, outputTokens, milliseconds } = call
  return {
    event: 'gen_ai.client.operation',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': asked,
    'gen_ai.response.model': answered,
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    milliseconds,
    costMicros: call.costMicros,
    currency: call.currency,
    outcome,
    mission,
    runId,
    step: `${phase}/${key}`,
    userId: by,
    at: call.at,
    route: call.route,
    queryDigest: call.queryDigest,
    modelRelease: call.release,
    injectionSigns: call.injectionSigns,
  }
}
