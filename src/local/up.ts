// The embedded backend: receiver, store and API in one process. Called by src/cli/up.ts.
import { existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { readCatalogue } from '../queries/catalogue'
import { policies, retention } from '../tiers'
import { readPage } from './api/page'
import { startApi } from './api/server'
import type { Door } from './guard'
import type { Listening } from './listen'
import type { Document } from './otlp/schema'
import { startReceiver } from './receiver'
import { openStore } from './store/store'

export interface UpOptions {
  /** Of the explorer and the API, and of OTLP; 0 for a free one. */
  readonly port: number
  readonly otlpPort: number
  /** A folder, made when it is not there; undefined: nothing is written to the disk. */
  readonly data: string | undefined
  readonly door: Door
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The folder of this package: the explorer's files and the catalogue of queries are in it. */
  readonly package: string
}

export interface Up {
  readonly api: Listening
  readonly receiver: Listening
  /** Takes nothing new, answers what is at work, and closes the file. */
  close(): Promise<void>
}

/** @throws Error whose message is the one line for the user: why, and what to do */
export async function up(options: UpOptions): Promise<Up> {
  const file = options.data === undefined ? ':memory:' : fileIn(options.data)
  const store = await openStore({ path: file, now: options.now })
  const ending = new AbortController()
  const open: Listening[] = []
  const close = async () => {
    ending.abort()
    for (const server of open) await server.close()
    await store.close()
  }
  try {
    const receiver = await startReceiver({
      port: options.otlpPort,
      door: options.door,
      onTraces: request => store.write('traces', request as Document),
      onMetrics: request => store.write('metrics', request),
      onLogs: request => store.write('logs', request),
      onProtobuf: (signal, request) => store.write(signal, request),
    })
    open.push(receiver)
    const parts = {
      store,
      counts: store.counts,
      policies,
      retention,
      door: { ...options.door, origins: [] },
      page: readPage(path.join(options.package, 'dist/explorer')),
      catalogue: readCatalogue(path.join(options.package, 'collector/queries')),
      now: options.now,
      bytes: () => sizeOf(file),
      ending: ending.signal,
    }
    const api = await startApi(parts, options.port)
    open.push(api)
    return { api, receiver, close }
  } catch (error) {
    await close()
    throw error
  }
}

function fileIn(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return path.join(folder, 'afn.duckdb')
}

/** With the log in front of it. */
function sizeOf(file: string): number {
  const files = [file, `${file}.wal`].filter(name => existsSync(name))
  return files.reduce((sum, name) => sum + statSync(name).size, 0)
}
