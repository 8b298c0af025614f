import { Gauge, type Registry } from 'prom-client'
import type { Figures } from '../../ports/oversight.ts'

/** What each figure is, with its labels. Totals are sums over rows that are kept, so they only grow. */
const FIGURES: Readonly<Record<string, { help: string; labels?: readonly string[] }>> = {
  missions_oldest_held_run_seconds: { help: 'Since the longest held run last tried; 0 without one' },
  missions_oldest_open_decision_seconds: { help: 'Age of the oldest decision that awaits people; 0 without one' },
  missions_unknown_verdicts: { help: 'Runs whose write has an unknown result' },
  missions_queue_length: { help: 'Wake-ups that are due' },
  missions_stream_lag_seconds: { help: 'Age of the oldest event that streams may not send yet' },
  missions_oldest_transaction_seconds: { help: 'Age of the oldest transaction of the database' },
  missions_checkpoint_age_seconds: { help: 'Age of the newest checkpoint; receipts carry it as their anchor' },
  missions_changes_set_aside: { help: 'Changes in the org that could not be taken and were set aside' },
  missions_stopped: { help: '1 while an administrator has it stopped', labels: ['what'] },
  missions_contained: {
    help: '1 while writes of the mission are stopped after a breach, or starts because of unusual volume',
    labels: ['what', 'mission'],
  },
  missions_model_calls_total: { help: 'Calls of a language model', labels: ['mission', 'outcome'] },
  missions_model_seconds_total: { help: 'Time that language models took', labels: ['mission', 'outcome'] },
  missions_model_tokens_total: {
    help: 'Tokens that language models used',
    labels: ['mission', 'outcome', 'direction'],
  },
  missions_model_cost_total: {
    help: 'Cost of language models, by the prices in the settings',
    labels: ['mission', 'currency'],
  },
  missions_model_role_tokens_total: {
    help: 'Tokens by the permission of who launched the run; none: an event did',
    labels: ['role'],
  },
  missions_injection_signs_total: {
    help: 'Signs of injection in texts that were withheld from models',
    labels: ['mission', 'outcome'],
  },
  missions_model_answered_by_another_total: {
    help: 'Answers by another model than the settings name',
    labels: ['mission', 'outcome'],
  },
  missions_model_claims_total: {
    help: 'Claims of models that agreed or disagreed with the rules, or were dropped because they cited nothing that was read',
    labels: ['mission', 'claim'],
  },
  missions_input_stability: {
    help: 'Population stability index of the last week against the four before it; 0.25 is a large shift',
    labels: ['mission', 'dimension'],
  },
  missions_input_shift: {
    help: 'The same, only where it is large and not by chance; expected: after an activation, a release or another model',
    labels: ['mission', 'dimension', 'kind'],
  },
  missions_runs_last_hour: { help: 'Runs started in the last hour', labels: ['mission'] },
  missions_runs_hourly_mean: { help: 'Runs started per hour, over the week before', labels: ['mission'] },
}

interface OversightMetrics {
  /** Null when the database did not answer: the figures are left out then, rather than old. */
  set(figures: Figures | null): void
}

/** Registers the figures about runs, decisions and models. */
export function oversightMetrics(registry: Registry): OversightMetrics {
  const registers = [registry]
  const up = new Gauge({ name: 'missions_database_up', help: '1 when the database answers', registers })
  const gauges = new Map(
    Object.entries(FIGURES).map(([name, { help, labels = [] }]) => [
      name,
      new Gauge({ name, help, labelNames: labels, registers }),
    ]),
  )
  return {
    set(figures) {
      up.set(figures ? 1 : 0)
      for (const [name, gauge] of gauges) {
        gauge.reset()
        // Without labels a reset leaves 0, which would be a figure.
        if (!figures && !FIGURES[name]?.labels) gauge.remove()
        for (const { labels, value } of figures?.[name] ?? []) gauge.set(labels, value)
      }
    },
  }
}
