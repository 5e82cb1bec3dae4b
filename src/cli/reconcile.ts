// `afn-otel reconcile`: repairs the tiers in Tempo. Called by main.ts.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { withoutCredentials } from '../config/credentials'
import { planOf } from '../pipeline/plan'
import { BackendError } from '../queries/http'
import { secondsOfDuration, type Window } from '../queries/window'
import { takeLease } from '../reconcile/lease'
import { type Report, reconcile as repairTiers } from '../reconcile/reconcile'
import { storeOf } from '../reconcile/store'
import { helpOption, print } from './help'
import { pipelineSettings } from './pipeline-settings'
import { inRounds, limitOf } from './rounds'

const options = {
  tempo: { type: 'string' },
  otlp: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  since: { type: 'string', default: '1h' },
  settle: { type: 'string', default: '5m' },
  every: { type: 'string' },
  limit: { type: 'string', default: '10000' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...helpOption,
} as const

type Values = ReturnType<typeof read>

const read = (args: string[]) => parseArgs({ args, options }).values

const help = `Usage: afn-otel reconcile [--since 1h | --from TIME --to TIME] [--every 10m] [--dry-run] [OPTIONS]

Finds traces that Tempo has in detailed, that belong to sampled or errors, and that are missing or incomplete there: the
Collector was killed before it had decided, or an error came after the decision. Pushes the missing spans. Running it
again changes nothing.

--since 1h     how far back [1h]; --from and --to take 2026-11-24T10:00:00Z
--settle 5m    what is younger is left alone: the Collector may still be deciding [5m]
--every 10m    goes on until a signal ends it; each round looks as far back as --since
--dry-run      says what is missing and pushes nothing
--limit 10000  most traces that are looked at in one round [10000]
--tempo URL    Tempo's HTTP API [AFN_TEMPO_URL, else http://localhost:3200]
--otlp URL     Tempo's own OTLP/HTTP receiver, not the Collector's [AFN_TEMPO_OTLP_URL, else http://localhost:4318]
--json         the report as JSON, a line for each round

Exit codes: 0 done; 1 Tempo is not there or refuses; 2 the command is not right; 3 another reconcile is at work.`

/** @returns the exit code, as `help` says */
export async function reconcile(args: string[]): Promise<number> {
  const values = read(args)
  if (values.help) return print(help)
  return inRounds(values.every, roundOf(values))
}

function roundOf(values: Values): () => Promise<number> {
  const tempo = {
    name: 'Tempo',
    url: values.tempo ?? process.env.AFN_TEMPO_URL ?? 'http://localhost:3200',
    setBy: '--tempo or AFN_TEMPO_URL',
  } as const
  const otlp = {
    name: 'Tempo',
    url: values.otlp ?? process.env.AFN_TEMPO_OTLP_URL ?? 'http://localhost:4318',
    setBy: '--otlp or AFN_TEMPO_OTLP_URL',
  } as const
  const { policies } = planOf('single', pipelineSettings())
  const stores = {
    detailed: storeOf('detailed', tempo, otlp),
    sampled: storeOf('sampled', tempo, otlp),
    errors: storeOf('errors', tempo, otlp),
  }
  const limit = limitOf(values.limit)
  windowOf(values) // says at once what is wrong with it
  const lease = leaseFile(tempo.url)

  return async () => {
    const release = takeLease(lease)
    if (!release) {
      console.error(
        `afn-otel reconcile: another one is at work on ${withoutCredentials(tempo.url)} (${lease}); nothing was done`,
      )
      return 3
    }
    try {
      const window = windowOf(values)
      const report = await repairTiers({ stores, window, policies, dryRun: values['dry-run'], limit })
      say(report, window, values)
      return 0
    } catch (error) {
      if (!(error instanceof BackendError)) throw error
      console.error(`afn-otel reconcile: ${error.message}`)
      return 1
    } finally {
      release()
    }
  }
}

function windowOf({ from, to, since, settle }: Values): Window {
  const youngest = Math.floor(Date.now() / 1_000) - secondsOfDuration('--settle', settle)
  const end = to === undefined ? youngest : Math.min(secondsOf('--to', to), youngest)
  const start = from === undefined ? end - secondsOfDuration('--since', since) : secondsOf('--from', from)
  if (end > start) return { start, end }
  throw new Error(`--from is not before --to; what is younger than --settle (${settle}) is not looked at`)
}

function secondsOf(option: string, time: string): number {
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) throw new Error(`${option} takes a time such as 2026-11-24T10:00:00Z, not "${time}"`)
  return Math.floor(milliseconds / 1_000)
}

function leaseFile(url: string): string {
  const cache = path.resolve(process.env.AFN_CACHE_DIR || path.join(homedir(), '.cache/afn-otel'))
  mkdirSync(cache, { recursive: true })
  return path.join(cache, `reconcile-${createHash('sha256').update(url).digest('hex').slice(0, 16)}.lock`)
}

function say({ looked, repairs, left, unconfirmed }: Report, { start, end }: Window, values: Values): void {
  const [from, to] = [start, end].map(seconds => new Date(seconds * 1_000).toISOString())
  if (values.json) {
    console.log(JSON.stringify({ from, to, dryRun: values['dry-run'], looked, left, unconfirmed, repairs }))
    return
  }
  const verb = values['dry-run'] ? 'misses' : 'got'
  for (const { traceId, tier, spans, wasAbsent } of repairs) {
    console.log(
      `${traceId} ${tier} ${verb} ${spans} span${spans === 1 ? '' : 's'}${wasAbsent ? ', all of the trace' : ''}`,
    )
  }
  console.log(
    `${from} to ${to}: looked at ${looked} traces, ${values['dry-run'] ? 'would repair' : 'repaired'} ${repairs.length}`,
  )
  if (unconfirmed > 0) console.log(`${unconfirmed} of them are not to be seen in Tempo yet; look again with --dry-run`)
  if (left > 0) console.log(`${left} more are left for the next run (--limit ${values.limit})`)
}
