// Secrets that are planted to be looked for afterwards, in every form in which one could leave.

/** By name. */
export type Canaries = ReadonlyMap<string, string>

/** A secret as it is, in base64 at each of three offsets, as hexadecimal digits, and as part of a URL or of JSON. */
function formsOf(secret: string): Map<string, string> {
  const forms = new Map([
    ['raw', secret],
    ['hex', Buffer.from(secret).toString('hex')],
    ['url', encodeURIComponent(secret)],
    ['json', JSON.stringify(secret).slice(1, -1)],
  ])
  for (const offset of [0, 1, 2]) {
    const code = Buffer.from(`${'-'.repeat(offset)}${secret}`).toString('base64')
    // Its ends depend on what stands beside the secret.
    const inner = code.slice(offset === 0 ? 0 : 4, -4)
    forms
      .set(`base64 at ${offset}`, inner)
      .set(`base64url at ${offset}`, inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  // A key of hexadecimal digits could leave as the bytes it stands for.
  if (/^(?:[\da-f]{2})+$/.test(secret)) forms.set('bytes', Buffer.from(secret, 'hex').toString('base64').slice(0, -4))
  return forms
}

/** What of the canaries stands in what was captured: `channel: canary as form`. */
export function found(captured: ReadonlyMap<string, string>, canaries: Canaries): string[] {
  const lower = [...captured].map(([channel, text]) => [channel, text.toLowerCase()] as const)
  return lower.flatMap(([channel, text]) =>
    [...canaries].flatMap(([name, secret]) =>
      [...formsOf(secret)].flatMap(([form, looked]) =>
        text.includes(looked.toLowerCase()) ? [`${channel}: ${name} as ${form}`] : [],
      ),
    ),
  )
}

/** The middle line of a key in PEM: enough to know it by. */
export function lineOf(pem: string): string {
  const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
  return lines[Math.floor(lines.length / 2)] ?? ''
}
