import type { MessagePort } from 'node:worker_threads'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { httpTransport, openSalesforce, type SalesforceClient } from '../adapters/salesforce/client.ts'
import { signedFetch } from '../adapters/salesforce/signed-fetch.ts'
import { PortTransport } from '../adapters/salesforce/port-transport.ts'
import { remoteSwitch, type SalesforceSwitch } from '../adapters/salesforce/switch.ts'
import { HTTP_SCOPES, JOBS_SCOPES } from '../../contract/call-token.ts'
import type { BrainSettings } from '../../settings/brain-settings.ts'
import { SwitchNotThrown } from '../domain/errors.ts'
import { createSalesforceMcp, type SalesforceMcp, type SalesforceMcpOptions } from '../../salesforce-mcp/compose.ts'

export interface Org {
  salesforce: SalesforceClient
  writes: SalesforceSwitch
  /** Opens a session with the salesforce-mcp of this process on the port; null when it runs elsewhere. */
  serveOn: ((port: MessagePort) => void) | null
  close(): Promise<void>
}

type Reports = Required<Pick<SalesforceMcpOptions, 'onError' | 'onRefused'>>

/** salesforce-mcp inside this process, or the one that the settings name; in the second case with the scopes of what runs in this thread. */
export async function openOrg(config: BrainSettings, { onError, onRefused }: Reports): Promise<Org> {
  const { mcp } = config.salesforce
  if (mcp.kind === 'remote') {
    const scopes = config.role === 'jobs' ? JOBS_SCOPES : HTTP_SCOPES
    const signed = signedFetch({ caller: mcp.caller, orgId: config.orgId, scopes })
    const salesforce = openSalesforce(() => Promise.resolve(httpTransport(mcp.url, signed)))
    const writes = remoteSwitch(mcp.url, signed)
    return { salesforce, writes, serveOn: null, close: () => salesforce.close() }
  }
  const { loginUrl, audience, apiVersion, namespace, reader } = config.salesforce
  const { orgId, orgKeys: orgPublicKeys } = config
  const { writer, sealKey, activationDays } = mcp
  const server = await createSalesforceMcp({
    orgId,
    loginUrl,
    audience,
    apiVersion,
    namespace,
    reader,
    writer,
    orgPublicKeys,
    sealKey,
    activationDays,
    onError,
    onRefused,
  })
  const salesforce = openSalesforce(async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await server.connect(theirs)
    return ours
  })
  return {
    salesforce,
    writes: {
      stop: (what) => Promise.resolve(server.stop(what)),
      start: (token) => startHere(server, token),
      position: () =>
        Promise.resolve({
          writes: server.writesStopped,
          reads: server.readsStopped,
          missions: server.missionsStopped,
        }),
    },
    serveOn: (port) => void server.connect(new PortTransport(port)),
    async close() {
      await salesforce.close()
      await server.close()
    },
  }
}

async function startHere(server: SalesforceMcp, token: string): Promise<void> {
  try {
    await server.start(token)
  } catch (error) {
    throw new SwitchNotThrown(false, error instanceof Error ? error.message : 'salesforce-mcp refused')
  }
}
