const MOST_BYTES = 64 * 1024

/**
 * A fetch that follows no redirect, because the request carries records, and gives back an answer only when all of it has come:
 * so the caller's deadline covers the body too. Throws Error when the body has more than 64 kB, and then reads no further.
 */
export async function boundedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' })
  const { status, statusText, headers } = response
  return new Response(await bodyOf(response), { status, statusText, headers })
}

async function bodyOf({ body }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return null
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop by the error cancels the stream.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
