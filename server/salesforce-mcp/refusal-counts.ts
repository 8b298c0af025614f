import { Counter, Registry } from 'prom-client'
import type { ToolRefusal } from './server.ts'

/** The door's metrics, in Prometheus' text form. */
export interface DoorMetrics {
  contentType: string
  text(): Promise<string>
}

/** Counts refusals under the name that the brain counts its own by, so that one alert covers every door. */
export function refusalCounts(): DoorMetrics & { count(refusal: ToolRefusal): void } {
  const registry = new Registry()
  const refusals = new Counter({
    name: 'missions_refusals_total',
    help: 'Requests that a rule refused',
    labelNames: ['door', 'rule'] as const,
    registers: [registry],
  })
  const breaches = new Counter({
    name: 'missions_breaches_total',
    help: 'Writes refused that no honest brain asks for',
    registers: [registry],
  })
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count({ rule, isBreach }) {
      refusals.inc({ door: 'salesforce-mcp', rule })
      if (isBreach) breaches.inc()
    },
  }
}
