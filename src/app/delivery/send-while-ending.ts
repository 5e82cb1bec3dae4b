// Sends spooled requests while the process exits. The exiting thread runs no more callbacks, so it waits for another thread that sends.
import path from 'node:path'
import type * as WorkerThreads from 'node:worker_threads'
import type { Ending, SpoolTargets } from './send-spooled'
import type { SpoolPlace } from './spool-place'

const code = `const { workerData } = require('node:worker_threads'); require(workerData.chunk).sendForEnding(workerData)`

/** Requests that are not sent in time wait for the next start. Never throws. */
export function sendWhileEnding(place: SpoolPlace, targets: SpoolTargets, longestMs: number): void {
  try {
    const { Worker } = require('node:worker_threads') as typeof WorkerThreads
    const done = new Int32Array(new SharedArrayBuffer(4))
    const ending: Ending = { place, targets, done }
    // without the app's options, because no preloads are needed there
    const env = { ...process.env, NODE_OPTIONS: '' }
    const workerData = { ...ending, chunk: path.join(__dirname, 'chunks/otlp.cjs') }
    new Worker(code, { eval: true, execArgv: [], env, workerData })
    Atomics.wait(done, 0, 0, longestMs)
  } catch {
    // threads are not allowed, or memory is short
  }
}
