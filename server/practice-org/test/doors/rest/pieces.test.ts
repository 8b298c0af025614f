// Calls that hold many others: whoever else calls is served in between.
import { expect, test } from 'vitest'
import { openOrgForFile, rest } from '../../support/running-org.ts'

const { org, token } = await openOrgForFile()

const GRAPHS = 75
const NODES = 4

/** How many there are each time one asks, until `call` is answered. */
async function countsDuring(call: Promise<unknown>, name: string): Promise<number[]> {
  const counts: number[] = []
  let answered = false
  void call.finally(() => (answered = true))
  while (!answered) {
    const { body } = await rest(org.url, token, `/query?q=SELECT+COUNT()+FROM+Account+WHERE+Name='${name}'`)
    counts.push((body as { totalSize: number }).totalSize)
  }
  return counts
}

test('a query between two graphs sees what those before it wrote, whole graphs alone', async () => {
  const url = '/services/data/v62.0/sobjects/Account'
  const node = (n: number) => ({ method: 'POST', url, referenceId: `r${n}`, body: { Name: 'Graph' } })
  const compositeRequest = Array.from({ length: NODES }, (_, n) => node(n))
  const graphs = Array.from({ length: GRAPHS }, (_, g) => ({ graphId: `g${g}`, compositeRequest }))
  const call = rest(org.url, token, '/composite/graph', { method: 'POST', body: JSON.stringify({ graphs }) })
  const counts = await countsDuring(call, 'Graph')
  expect(counts.some((count) => count > 0 && count < GRAPHS * NODES)).toBe(true)
  expect(counts.every((count) => count % NODES === 0)).toBe(true)
  const { body } = await call
  expect((body as { graphs: { isSuccessful: boolean }[] }).graphs.every(({ isSuccessful }) => isSuccessful)).toBe(true)
})
