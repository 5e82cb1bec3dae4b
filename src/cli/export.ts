// `afn-otel export`: what a running `afn-otel up` holds, as a Parquet file or sent to a receiver of OTLP.
import { createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import { withoutCredentials } from '../shared/config/credentials'
import { headers } from '../shared/config/kinds'
import { type Signal, signals } from '../shared/config/otlp'
import { takeLease } from '../shared/files/lease'
import { httpUrl, request } from '../shared/queries/http'
import { secondsOfDuration, windowSince } from '../shared/queries/window'
import { answering } from './backends'
import { helpOption, print } from './help'
import { localBackend, localOption } from './local/backend'
import { dataFolder } from './local/data-folder'
import { createSender } from './local/otlp-sender'
import { nounOf, planOf, replay } from './local/replay'
import { cursorFile, type Job, ReplayCursor } from './local/replay-cursor'
import { limitLines, planLines } from './local/replay-plan-text'
import { timeOf } from './option-values'
import { type Options, optionLines } from './options'
import { plainText } from './terminal'

const toOptions = {
  to: {
    type: 'string',
    argument: 'URL',
    help: 'OTLP/HTTP base URL of the target: a Collector, Tempo, Loki (…/otlp), Prometheus (…/api/v1/otlp) or another up; sends OTEL_EXPORTER_OTLP_HEADERS',
  },
  signals: {
    type: 'string',
    argument: 'LIST',
    help: 'with --to: a list of traces, metrics and logs',
    otherwise: 'all',
  },
  until: {
    type: 'string',
    argument: 'TIME',
    help: 'with --to: end of the time range, a timestamp or a duration such as 1h ago',
    otherwise: 'now',
  },
  'dry-run': { type: 'boolean', default: false, help: 'with --to: shows counts and limits, sends nothing' },
  'skip-refused': {
    type: 'boolean',
    default: false,
    help: 'with --to: skips batches whose content the receiver rejects, instead of stopping',
  },
  cursor: {
    type: 'string',
    argument: 'FILE',
    help: 'with --to: file that stores the progress, from which the next run resumes',
    otherwise: 'in the data folder, one per --url and --to',
  },
} as const satisfies Options

export const options = {
  parquet: { type: 'string', argument: 'FILE', help: 'output file; - is stdout' },
  signal: { type: 'string', default: 'traces', help: 'with --parquet: traces, metrics or logs' },
  since: {
    type: 'string',
    argument: '1h',
    help: 'how far back: 90s, 30m, 1h, 3d, 2w; with --to also a timestamp',
    otherwise: 'everything',
  },
  ...toOptions,
  ...localOption,
} as const satisfies Options

const help = `Usage: afn-otel export --parquet FILE [--signal traces] [--since 1h] [--url URL]
       afn-otel export --to URL [--signals LIST] [--since 1h] [--until TIME] [--dry-run] [--url URL]

Exports one signal of a running afn-otel up to a Parquet file for DuckDB, Python and similar tools, or sends all signals to another
backend over OTLP, with their timestamps, ids and attributes, redacted as stored. Run an interrupted export again to resume it.
To export one person's data, use afn-otel gdpr export.

${optionLines(options)}

Exit codes: 0 done; 1 up or the receiver is unreachable or rejects the request; 2 usage error; 3 done, but the receiver rejected some records.`

/** @returns the exit code, as `help` says */
export async function exportTo(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  if (!values.parquet === !values.to) throw new Error('export requires either --parquet FILE or --to URL')
  const strange = values.parquet && Object.keys(toOptions).find(name => values[name as keyof typeof toOptions])
  if (strange) throw new Error(`--${strange} is for export --to, not for --parquet`)
  return values.to ? toReceiver(values.to, values) : toParquet(values.parquet!, values)
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

async function toParquet(file: string, { signal = 'traces', since, url }: Values): Promise<number> {
  if (!signals.some(known => known === signal))
    throw new Error(`--signal takes traces, metrics or logs, not "${signal}"`)
  const window = since === undefined ? undefined : windowSince(since, new Date(), Number.POSITIVE_INFINITY)
  const parameters = {
    signal,
    format: 'parquet',
    ...(window && { start: String(window.start), end: String(window.end) }),
  }
  const backend = localBackend(url)
  return answering('export', async () => {
    const response = await request(backend, 'api/afn/export', parameters)
    await save(Readable.fromWeb(response.body as ReadableStream), file)
    return 0
  })
}

const say = (line: string): void => console.error(`afn-otel export: ${plainText(line)}`)

async function toReceiver(to: string, values: Values): Promise<number> {
  const up = localBackend(values.url)
  const wanted = signalsOf(values.signals)
  const sender = createSender(httpUrl(to, 'correct --to'), headersOf())
  const job: Job = {
    from: withoutCredentials(up.url),
    to: sender.shown,
    since: values.since ?? null,
    until: values.until ?? null,
    fromNs: momentOf('--since', values.since),
    toNs: momentOf('--until', values.until),
  }
  if (job.from === job.to) throw new Error('--to is the same up as --url')
  const file = path.resolve(values.cursor ?? cursorFile(dataFolder(), job))
  const cursor = new ReplayCursor(file, job)
  return answering('export', async () => {
    const plan = await planOf({ up, cursor, signals: wanted })
    for (const line of [...planLines(plan), ...limitLines(plan)]) console.log(line)
    if (values['dry-run']) return 0
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const lease = takeLease(file, 'choose another file with --cursor')
    if (!lease) throw new Error(`another export is using ${file}`)
    try {
      const sums = await replay(
        { up, sender, cursor, signals: wanted, skipRefused: values['skip-refused'] ?? false, say },
        plan,
      )
      for (const [signal, { sent, again }] of sums) {
        console.log(`sent     ${sent.toLocaleString('en-US')} ${nounOf[signal]}`)
        if (again > 0)
          say(
            `${again} ${nounOf[signal]} were sent again after a missing response: stores that deduplicate by id (Tempo, traces in up) or by timestamp (Prometheus, Loki) keep them once, others may keep them twice`,
          )
      }
      const left = Array.from(sums.values(), ({ rejected, skipped }) => rejected + skipped).reduce((a, b) => a + b, 0)
      if (left > 0) say(`${sender.shown} rejected ${left} records`)
      return left > 0 ? 3 : 0
    } finally {
      lease.release()
    }
  })
}

function signalsOf(list: string | undefined): Signal[] {
  if (list === undefined) return [...signals]
  const names = list.split(',').map(name => name.trim())
  const strange = names.find(name => !signals.some(signal => signal === name))
  if (strange !== undefined) throw new Error(`--signals takes a list of ${signals.join(',')}, not "${strange}"`)
  return signals.filter(signal => names.includes(signal))
}

function headersOf(): Readonly<Record<string, string>> {
  let reason = ''
  const parsed = headers.parse(process.env.OTEL_EXPORTER_OTLP_HEADERS ?? '', why => {
    reason = why
  })
  if (reason !== '') throw new Error(`OTEL_EXPORTER_OTLP_HEADERS: ${reason}`)
  return parsed ?? {}
}

/** @returns nanoseconds since 1970 in digits */
function momentOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const ms = /^\d+[a-z]$/.test(text) ? Date.now() - secondsOfDuration(option, text) * 1_000 : timeOf(option, text)
  return `${BigInt(ms) * 1_000_000n}`
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
  if (!existsSync(folder)) throw new Error(`can't write ${file}: folder ${folder} does not exist`)
  const unfinished = `${file}.${process.pid}.part`
  try {
    await pipeline(body, createWriteStream(unfinished))
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}
