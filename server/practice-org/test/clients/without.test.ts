import jsforce from 'jsforce'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeOrg } from '../../src/compose.ts'
import { ADMIN, connect, startOrg } from '../support/running-org.ts'

let org: PracticeOrg
let connection: jsforce.Connection
let stranger: jsforce.Connection
beforeAll(async () => {
  org = await startOrg()
  connection = await connect(org.url, ADMIN)
  stranger = new jsforce.Connection({ instanceUrl: org.url, accessToken: '00Dinvalid!token' })
})
afterAll(() => org.close())

const apexCalls = [
  (client: jsforce.Connection) => client.apex.get('/Nothing/here'),
  (client: jsforce.Connection) => client.apex.post('/Nothing/', { name: 'x' }),
  (client: jsforce.Connection) => client.apex.delete('/Nothing/'),
]
const metadataCalls = [
  (client: jsforce.Connection) => client.metadata.list({ type: 'CustomObject' }),
  (client: jsforce.Connection) => client.metadata.describe(),
]

describe('jsforce, where the org has no', () => {
  it('Apex class at a REST path, is told that nothing matches it, once it has signed in', async () => {
    const message = 'Could not find a match for URL'
    for (const call of apexCalls) {
      await expect(call(connection)).rejects.toMatchObject({ errorCode: 'NOT_FOUND', message })
      await expect(call(stranger)).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' })
    }
  })

  it('call of the Metadata API but one, is told so by a fault, once it has signed in', async () => {
    const message = 'API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner'
    for (const call of metadataCalls) {
      await expect(call(connection)).rejects.toMatchObject({ errorCode: 'sf:API_DISABLED_FOR_ORG', message })
      await expect(call(stranger)).rejects.toMatchObject({ errorCode: 'sf:INVALID_SESSION_ID' })
    }
  })
})
