// Where the sweep follows a run through the processes: the work it counts, and the requests that do not go through `pg` or `fetch`.
import type { Edit } from './edits.ts'

/** An exported function whose calls are followed: its work moves into a function of its own. */
function followed(file: string, name: string, signature: string, given: string, result: string): Edit {
  const [before, after] = [`function ${name}(${signature}): ${result} {`, `(${given})`]
  return {
    file,
    find: before,
    replace: `function ${name}(${signature}): ${result} {
  return globalThis.chaosWithin('${name}', () => ${name}Itself${after})
}
async function ${name}Itself(${signature}): ${result} {`,
  }
}

export const SWEEP_EDITS: readonly Edit[] = [
  followed(
    '/server/brain/runs/runner.ts',
    'advanceRun',
    'deps: RunnerDeps, runId: string',
    'deps, runId',
    'Promise<Advanced>',
  ),
  followed(
    '/server/brain/runs/take-change.ts',
    'takeChange',
    'deps: StartDeps, change: OrgChange',
    'deps, change',
    'Promise<void>',
  ),
  followed(
    '/server/brain/decisions/answers/answer.ts',
    'answerDecision',
    'deps: AnswerDeps, answer: Answer',
    'deps, answer',
    'Promise<void>',
  ),
  {
    file: '/server/brain/jobs/dispatch-outbox.ts',
    find: '    for (const { kind, about } of due) await queue.enqueue({ kind, about })\n    await store.finishOutbox(due.map(({ id }) => id))\n',
    replace: `    const finish = async () => {
      for (const { kind, about } of due) await queue.enqueue({ kind, about })
      await store.finishOutbox(due.map(({ id }) => id))
    }
    await (due.length > 0 ? globalThis.chaosWithin('dispatch', finish) : finish())
`,
  },
  {
    file: '/server/brain/adapters/queue/bull.ts',
    find: 'bull.queue.add(job.kind, job, JOB)',
    replace: "globalThis.chaosEffect('redis add', () => bull.queue.add(job.kind, job, JOB))",
  },
  {
    file: '/server/salesforce-mcp/server.ts',
    find: 'async function runTool<T extends ToolName>(name: T, input: unknown, call: ToolCall): Promise<Record<string, unknown>> {',
    replace: `async function runTool<T extends ToolName>(name: T, input: unknown, call: ToolCall): Promise<Record<string, unknown>> {
  return globalThis.chaosWithin(name, () => runToolItself(name, input, call))
}
async function runToolItself<T extends ToolName>(name: T, input: unknown, call: ToolCall): Promise<Record<string, unknown>> {`,
  },
  {
    file: '/server/salesforce-mcp/org/connection.ts',
    find: 'const sent = connection.request<string | undefined>({ method, url: path, body, headers: { ...headers } }, options)',
    replace:
      "const sent = globalThis.chaosEffect('org ' + method + ' ' + path.split('?')[0], () => connection.request<string | undefined>({ method, url: path, body, headers: { ...headers } }, options))",
  },
]
