import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface HttpMetrics {
  requests: Counter<'route' | 'status'>
  seconds: Histogram<'route'>
  streams: Gauge
  answers: Counter<'verb'>
  /** Requests that a rule refused. */
  refusals: Counter<'door' | 'rule'>
  /** Writes that salesforce-mcp, inside this process, refused and no honest brain asks for. */
  breaches: Counter
  /** Streaks of refusals of one user. */
  probing: Counter<'door'>
}

/** Registers the HTTP metrics; a registry that has them already stays unchanged. */
export function httpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const known = <T>(name: string, make: () => T) => (registry.getSingleMetric(name) as T | undefined) ?? make()
  return {
    requests: known('missions_http_requests_total', () => {
      const labelNames = ['route', 'status'] as const
      return new Counter({ name: 'missions_http_requests_total', help: 'Requests answered', labelNames, registers })
    }),
    seconds: known('missions_http_seconds', () => {
      const labelNames = ['route'] as const
      return new Histogram({ name: 'missions_http_seconds', help: 'Time to answer', labelNames, registers })
    }),
    streams: known('missions_streams', () => {
      return new Gauge({ name: 'missions_streams', help: 'Event streams open', registers })
    }),
    refusals: known('missions_refusals_total', () => {
      const labelNames = ['door', 'rule'] as const
      const help = 'Requests that a rule refused'
      return new Counter({ name: 'missions_refusals_total', help, labelNames, registers })
    }),
    breaches: known('missions_breaches_total', () => {
      const help = 'Writes refused that no honest brain asks for'
      return new Counter({ name: 'missions_breaches_total', help, registers })
    }),
    probing: known('missions_probing_total', () => {
      const labelNames = ['door'] as const
      const help = 'Streaks of refused requests of one user; the log names user and routes'
      return new Counter({ name: 'missions_probing_total', help, labelNames, registers })
    }),
    answers: known('missions_answers_total', () => {
      const labelNames = ['verb'] as const
      return new Counter({
        name: 'missions_answers_total',
        help: 'Answers people gave to decisions',
        labelNames,
        registers,
      })
    }),
  }
}
