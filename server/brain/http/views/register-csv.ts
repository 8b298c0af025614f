import type { RegisterEntry } from '../../../contract/http.ts'

const COLUMNS: Record<string, (entry: RegisterEntry) => string | number | null> = {
  decision: ({ id }) => id,
  run: ({ runId }) => runId,
  created: ({ createdAt }) => createdAt,
  mission: ({ mission }) => mission,
  status: ({ status }) => status,
  verdict: ({ verdict }) => verdict,
  version: ({ version }) => version,
  risk: ({ risk }) => risk,
  object: ({ subject }) => subject?.object ?? null,
  record: ({ subject }) => subject?.id ?? null,
  name: ({ subject }) => subject?.name ?? null,
  proposal: ({ sentence }) => sentence,
  answers: ({ answered }) => answered.map(({ name, verb, at }) => `${verb} by ${name} at ${at}`).join('; '),
  digest: ({ digest }) => digest,
  cost: ({ cost }) => cost?.amount ?? null,
  currency: ({ cost }) => cost?.currency ?? null,
  erased: ({ erased }) => erased && `${erased.at} by ${erased.by}`,
}

/** The register as CSV (RFC 4180), in UTF-8 with a byte order mark, by which spreadsheets know it. */
export function registerCsv(entries: readonly RegisterEntry[]): string {
  const rows = entries.map((entry) => Object.values(COLUMNS).map((column) => cell(column(entry))))
  return `\uFEFF${[Object.keys(COLUMNS), ...rows].map((row) => `${row.join(',')}\r\n`).join('')}`
}

/** A text that a spreadsheet would compute begins with an apostrophe here, also after white space or quotes. */
function cell(value: string | number | null): string {
  const text = String(value ?? '')
  const harmless = /^[\s"']*[=+\-@\t\r|%\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
