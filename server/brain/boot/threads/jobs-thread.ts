// The thread of the jobs: whatever a run does to it, the main thread goes on answering.
import { parentPort, workerData } from 'node:worker_threads'
import { keepBeating } from './heartbeat.ts'
import type { JobsThreadData } from './jobs-protocol.ts'

if (!parentPort) throw new Error('this file runs as a worker thread')
const given = workerData as JobsThreadData
// Before the rest is loaded, which takes its time.
keepBeating(given.beats)
const { runJobsHere } = await import('./jobs-here.ts')
await runJobsHere(given, parentPort)
