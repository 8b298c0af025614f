// What runs in the thread of the jobs.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { JOBS_SCOPES } from '../../../contract/call-token.ts'
import { SettableClock } from '../../adapters/clock.ts'
import { sortableIds } from '../../adapters/ids.ts'
import { httpTransport, openSalesforce } from '../../adapters/salesforce/client.ts'
import { signedFetch } from '../../adapters/salesforce/signed-fetch.ts'
import { PortTransport } from '../../adapters/salesforce/port-transport.ts'
import { loadPhases } from '../parts/load-phases.ts'
import { factsOf, openLog } from '../parts/log.ts'
import { openStorage } from '../parts/open-storage.ts'
import { runJobs } from '../parts/run-jobs.ts'
import type { JobsNotice, JobsOrder, JobsThreadData } from './jobs-protocol.ts'

/** Runs the jobs until the owner orders them closed, or this thread ends. */
export async function runJobsHere(given: JobsThreadData, owner: MessagePort): Promise<void> {
  const notify = (notice: JobsNotice) => owner.postMessage(notice, 'port' in notice ? [notice.port] : [])
  const { settings, engine, worker, salesforceMcp: mcp } = given
  const clock = new SettableClock()
  const ids = sortableIds(clock)
  const log = openLog(settings.logLevel)
  const signed = mcp && signedFetch({ caller: mcp.caller, orgId: settings.orgId, scopes: JOBS_SCOPES })
  const salesforce = openSalesforce(() =>
    Promise.resolve(mcp && signed ? httpTransport(mcp.url, signed) : portToMain(notify)),
  )
  const onError = (error: unknown) => log.warn(factsOf(error), 'something outside failed; it is tried again')
  // Copied between threads, a Buffer arrives as a plain array of bytes.
  const config = { ...settings, bodyKey: Buffer.from(settings.bodyKey) }
  const storage = await openStorage(config, { clock, ids, onError }, given.database)
  const phasesWith = await loadPhases(given.phasesModule)
  const parts = { config, clock, ids, log, salesforce, storage, engine, phasesWith, worker }
  const jobs = await runJobs({
    ...parts,
    onSetAside: () => notify({ kind: 'set-aside' }),
    onStray: () => notify({ kind: 'stray' }),
  })
  owner.on('message', async (order: JobsOrder) => {
    if (order !== 'close') return
    await jobs.close()
    await salesforce.close()
    await storage.close()
    notify({ kind: 'closed' })
  })
  notify({ kind: 'ready' })
}

/** A new session with the salesforce-mcp of the main thread. */
function portToMain(notify: (notice: JobsNotice) => void): PortTransport {
  const { port1, port2 } = new MessageChannel()
  notify({ kind: 'salesforce', port: port2 })
  return new PortTransport(port1)
}
