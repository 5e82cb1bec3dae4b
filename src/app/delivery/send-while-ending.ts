// Sends what was just left in the spool while the process still ends. The thread that ends runs no callback any more, so
// another one sends and it waits.
import path from 'node:path'
import type * as WorkerThreads from 'node:worker_threads'
import type { Ending, SpoolTargets } from './send-spooled'
import type { SpoolPlace } from './spool-place'

const code = `const { workerData } = require('node:worker_threads'); require(workerData.chunk).sendForEnding(workerData)`

/** What is not sent by then waits for the next start. Never throws. */
export function sendWhileEnding(place: SpoolPlace, targets: SpoolTargets, longestMs: number): void {
  try {
    const { Worker } = require('node:worker_threads') as typeof WorkerThreads
    const done = new Int32Array(new SharedArrayBuffer(4))
    const ending: Ending = { place, targets, done }
    // without the app's options: neither its preloads nor ours have anything to do there
    const env = { ...process.env, NODE_OPTIONS: '' }
    const workerData = { ...ending, chunk: path.join(__dirname, 'chunks/otlp.cjs') }
    new Worker(code, { eval: true, execArgv: [], env, workerData })
    Atomics.wait(done, 0, 0, longestMs)
  } catch {
    // no threads are allowed here, or there is no memory for one
  }
}
