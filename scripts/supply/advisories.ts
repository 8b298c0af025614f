import { z } from 'zod'

const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
    }),
  ),
})

interface Advisory {
  package: string
  severity: string
  range: string
  /** Title and address of each advisory; empty when the package only depends on one that has them. */
  titles: string[]
}

/** High and critical advisories of an `npm audit --json` answer; null when it is no report (the registry gave none). */
export function severeAdvisories(answer: string): Advisory[] | null {
  const report = Report.safeParse(jsonOf(answer))
  if (!report.success) return null
  return Object.entries(report.data.vulnerabilities)
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity, range, via }]) => ({
      package: name,
      severity,
      range,
      titles: via.flatMap((cause) => (typeof cause === 'string' ? [] : [`${cause.title} (${cause.url})`])),
    }))
}

/** What `npm run advisories` prints. */
export function advisorySentence(severe: readonly Advisory[] | null): string {
  if (severe === null)
    return 'The registry answered no question about advisories: nothing is known about vulnerabilities of the packages.'
  if (severe.length === 0) return 'No high or critical advisory for the packages that run in production.'
  const lines = severe.map((each) =>
    `${each.severity}: ${each.package} ${each.range}. ${each.titles.join('; ')}`.trim(),
  )
  return [`${severe.length} high or critical: update or replace each package.`, ...lines].join('\n')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
