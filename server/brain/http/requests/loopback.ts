const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Every origin of the same server: all three names of a loopback address, and of any other address itself alone. */
export function originsOf(address: string): string[] {
  const { protocol, hostname, host, origin } = new URL(address)
  if (!LOOPBACK_NAMES.includes(hostname)) return [origin]
  const port = host.slice(hostname.length)
  return LOOPBACK_NAMES.map((name) => `${protocol}//${name}${port}`)
}
