// `afn-otel stats`: what a running `afn-otel up` holds.
import { parseArgs } from 'node:util'
import type { Stats } from '../backend/api/answers'
import { withoutCredentials } from '../shared/config/credentials'
import { getJson } from '../shared/queries/http'
import { localTime } from '../shared/queries/local-time'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localExitCodes, localOption } from './local/backend'
import { type Options, optionLines } from './options'
import { json } from './terminal'

export const options = {
  json: { type: 'boolean', default: false, help: 'prints the raw response of /api/afn/stats' },
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel stats [--json] [--url URL]

Shows how much data a running afn-otel up stores, its time range, disk usage and retention.

${optionLines(options)}

${localExitCodes}`

/** @returns the exit code, as `help` says */
export async function stats(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const backend = localBackend(values.url)
  return answering('stats', async () => {
    const answer = (await getJson(backend, 'api/afn/stats', {})) as Stats
    if (values.json) console.log(json(answer))
    else for (const line of lines(answer, backend.url)) console.log(line)
    return 0
  })
}

function lines(stats: Stats, url: string): string[] {
  const { spans, traces, logs, metricPoints, bytes, maxBytes, kept, oldest, newest, ...other } = stats
  const extent =
    oldest === null || newest === null ? '' : `, ${localTime(oldest * 1_000)} to ${localTime(newest * 1_000)}`
  return [
    `afn-otel up ${other.version} at ${withoutCredentials(url)}`,
    `stored    ${spans} spans of ${traces} traces${extent}`,
    `          ${logs} log records, ${metricPoints} data points`,
    `on disk   ${megabytes(bytes)}${maxBytes ? ` of ${megabytes(maxBytes)} at most (AFN_LOCAL_MAX_BYTES)` : ''}`,
    ...(kept ? keptLines(kept) : []),
    `received  ${other.received} since the start, ${other.rejected} of them rejected`,
  ]
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** A line a signal, in days. */
function keptLines(kept: Stats['kept']): string[] {
  const words = (days: Readonly<Record<string, number>>) => Object.entries(days).map(([name, n]) => `${name} ${n}`)
  return Object.entries(kept).map(([signal, days], at) => {
    return `${at === 0 ? 'kept' : ''}`.padEnd(10) + `${signal} for days: ${words(days).join(', ')}`
  })
}
