// `afn-otel export --parquet FILE`: what a running `afn-otel up` holds, as a file.
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import { request } from '../queries/http'
import { windowSince } from '../queries/window'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localExitCodes, localOption } from './local/backend'
import { type Options, optionLines } from './options'

export const options = {
  parquet: { type: 'string', argument: 'FILE', help: 'where to; - is stdout' },
  signal: { type: 'string', default: 'traces', help: 'traces, metrics or logs' },
  since: { type: 'string', argument: '1h', help: 'how far back: 90s, 30m, 1h, 3d, 2w', otherwise: 'everything' },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel export --parquet FILE [--signal traces] [--since 1h] [--url URL]

One signal of a running afn-otel up as a Parquet file, for DuckDB, Python and the like.

${optionLines(options)}

${localExitCodes}`

/** @returns the exit code, as `help` says */
export async function exportTo(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { parquet: file, signal, since } = values
  if (!file) throw new Error('export needs --parquet FILE')
  if (!['traces', 'metrics', 'logs'].includes(signal))
    throw new Error(`--signal takes traces, metrics or logs, not "${signal}"`)
  const window = since === undefined ? undefined : windowSince(since, new Date(), Number.POSITIVE_INFINITY)
  const parameters = {
    signal,
    format: 'parquet',
    ...(window && { start: String(window.start), end: String(window.end) }),
  }
  const backend = localBackend(values.url)
  return answering('export', async () => {
    const response = await request(backend, 'api/afn/export', parameters)
    await save(Readable.fromWeb(response.body as ReadableStream), file)
    return 0
  })
}

/** A file that is there is whole. */
async function save(body: Readable, file: string): Promise<void> {
  if (file === '-') {
    // who reads us has enough: `| head`
    return pipeline(body, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  const folder = path.dirname(file)
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}, so that ${file} can't be written`)
  const unfinished = `${file}.${process.pid}.part`
  try {
    await pipeline(body, createWriteStream(unfinished))
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}
