// The process of the practice org: settings → start → listen → signal → close.
import { PortInUseError } from './compose.ts'
import { EarlierOrgError } from './engine/deploy.ts'
import { PageBuildError } from './page/build.ts'
import { readSettings, SettingsError } from './settings.ts'
import { startWithPage } from './start.ts'

let stop = (): void => process.exit(1)
// Whoever started this is gone: a practice org must not outlive its supervisor, not even one that is killed while this starts.
process.once('disconnect', () => stop())
if (process.connected === false) stop()

try {
  const { url, orgId, close } = await startWithPage(readSettings(process.env))
  const ready = { ready: true, url, orgId }
  console.log(JSON.stringify(ready))
  stop = () => {
    // Only once: Ctrl-C reaches this process twice, from the terminal and from its supervisor.
    stop = () => {}
    setTimeout(() => process.exit(1), 2_000).unref()
    void close().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop())
  if (process.connected) process.send?.(ready)
} catch (error) {
  const known = [PortInUseError, SettingsError, PageBuildError, EarlierOrgError].some((kind) => error instanceof kind)
  console.error(known ? (error as Error).message : error)
  // The channel to a supervisor, which is listened to, would keep this process.
  process.exit(1)
}
