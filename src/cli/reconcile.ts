// `afn-otel reconcile`: repairs the tiers in Tempo.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { published, urlOf } from '../pipeline/deployment/hosts'
import { planOf } from '../pipeline/deployment/plan'
import { collectorPlaces } from '../pipeline/doctor/addresses'
import { deliveriesOf } from '../pipeline/reconcile/deliveries'
import { findReceiver, findTempo } from '../pipeline/reconcile/receiver'
import { reconcile as repairTiers } from '../pipeline/reconcile/reconcile'
import type { Report } from '../pipeline/reconcile/report'
import { storeOf } from '../pipeline/reconcile/store'
import { withoutCredentials } from '../shared/config/credentials'
import { type Lease, takeLease } from '../shared/files/lease'
import { type Backend, BackendError, httpUrl } from '../shared/queries/http'
import { secondsOfDuration, type TimeRange } from '../shared/queries/window'
import { cacheFolder } from './cache-folder'
import { everyOption, inRounds } from './every-option'
import { helpOption, print } from './help'
import { limitOf, timeOf } from './option-values'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { successHelp, tellSuccess } from './push-gauges'

export const options = {
  since: { type: 'string', default: '1h', help: 'how far back' },
  from: {
    type: 'string',
    argument: 'TIME',
    help: 'start of the time range, such as 2026-11-24T10:00:00Z',
    otherwise: '--since before the end',
  },
  to: { type: 'string', argument: 'TIME', help: 'end of the time range', otherwise: '--settle ago' },
  settle: { type: 'string', default: '5m', help: 'ignores newer traces, which the Collector may still be deciding on' },
  pause: {
    type: 'string',
    default: '10s',
    help: 'pause between the first read and the later ones; must exceed AFN_AFTER_ROOT, in which the Collector decides',
  },
  ...everyOption('10m', `; each run covers --since. ${successHelp}`),
  'dry-run': { type: 'boolean', default: false, help: 'reports what is missing, pushes nothing' },
  limit: { type: 'string', default: '10000', help: 'maximum number of traces to check per run' },
  timeout: {
    type: 'string',
    default: '10m',
    help: 'maximum duration of a run; the next run continues',
  },
  tempo: {
    type: 'string',
    argument: 'URL',
    help: "Tempo's HTTP API",
    otherwise: `AFN_TEMPO_URL, else ${urlOf(published.tempo)}, which compose.yaml publishes, else http://localhost:3200`,
  },
  otlp: {
    type: 'string',
    argument: 'URL',
    help: "Tempo's own OTLP/HTTP receiver, not the Collector's",
    otherwise: `AFN_TEMPO_OTLP_URL, else found on Tempo's host: port ${published.tempoOtlp}, which compose.yaml publishes, then the port in Tempo's configuration`,
  },
  json: { type: 'boolean', default: false, help: 'prints the report as JSON, one line per run' },
} as const satisfies Options

type Values = ReturnType<typeof read>

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption } }).values

const help = `Usage: afn-otel reconcile [--since 1h | --from TIME --to TIME] [--every 10m] [--dry-run] [OPTIONS]

Finds traces in Tempo's detailed tier that belong in sampled or errors but are missing or incomplete there, because the
Collector was killed before its sampling decision or an error arrived after it. Reads several times, and pushes only spans
that no read returned, to Tempo's own receiver, after verifying that it is Tempo's. Idempotent: running it again changes
nothing.

${optionLines(options)}

Exit codes: 0 done; 1 Tempo is unreachable or rejects the request; 2 usage error; 3 another reconcile is running.`

/** @returns the exit code, as `help` says */
export async function reconcile(args: string[]): Promise<number> {
  const values = read(args)
  if (values.help) return print(help)
  return inRounds(values.every, roundOf(values))
}

function roundOf(values: Values): () => Promise<number> {
  const named = backendOf(values.tempo || process.env.AFN_TEMPO_URL, '--tempo or AFN_TEMPO_URL')
  const namedReceiver = backendOf(values.otlp || process.env.AFN_TEMPO_OTLP_URL, '--otlp or AFN_TEMPO_OTLP_URL')
  const { policies } = planOf('single', pipelineSettings())
  const options = {
    policies,
    dryRun: values['dry-run'],
    limit: limitOf(values.limit),
    pauseMs: secondsOfDuration('--pause', values.pause) * 1_000,
  }
  const seconds = secondsOfDuration('--timeout', values.timeout)
  windowOf(values) // says at once what is wrong with it

  return async () => {
    let lease: Lease | undefined
    try {
      const tempo = await findTempo(named, [urlOf(published.tempo), 'http://localhost:3200'])
      const file = leaseFile(tempo.url)
      const taken = `another reconcile is running for ${withoutCredentials(tempo.url)} (${file}.*.lock)`
      lease = takeLease(file, 'set AFN_CACHE_DIR to a writable folder')
      if (!lease) throw new LeaseTaken(`${taken}; nothing was done`)
      const beforePush = () => {
        if (!lease?.isHeld()) throw new LeaseTaken(`${taken} while this one slept; it takes over the rest`)
      }
      // a dry run pushes nothing, so it needs no receiver
      const otlp = options.dryRun ? tempo : await findReceiver(tempo, namedReceiver, published.tempoOtlp)
      const window = windowOf(values)
      const report = await repairTiers({
        ...options,
        stores: {
          detailed: storeOf('detailed', tempo, otlp),
          sampled: storeOf('sampled', tempo, otlp),
          errors: storeOf('errors', tempo, otlp),
        },
        window,
        deadline: Date.now() + seconds * 1_000,
        deliveries: deliveriesOf(collectorPlaces(process.env, undefined).metrics.url),
        beforePush,
      })
      say(report, window, values)
      if (report.refused.length === 0 && !options.dryRun) await tellSuccess('reconcile', values.every)
      return report.refused.length > 0 ? 1 : 0
    } catch (error) {
      if (!(error instanceof BackendError || error instanceof LeaseTaken)) throw error
      console.error(`afn-otel reconcile: ${error.message}`)
      return error instanceof LeaseTaken ? 3 : 1
    } finally {
      lease?.release()
    }
  }
}

class LeaseTaken extends Error {}

/** @throws Error when it is no URL */
function backendOf(url: string | undefined, setBy: string): Backend | undefined {
  if (!url) return undefined
  return { name: 'Tempo', url: httpUrl(url, `correct ${setBy}`).replace(/\/+$/, ''), setBy }
}

function windowOf({ from, to, since, settle }: Values): TimeRange {
  const youngest = Math.floor(Date.now() / 1_000) - secondsOfDuration('--settle', settle)
  const secondsAt = (option: string, time: string) => Math.floor(timeOf(option, time) / 1_000)
  const end = to === undefined ? youngest : Math.min(secondsAt('--to', to), youngest)
  const start = from === undefined ? end - secondsOfDuration('--since', since) : secondsAt('--from', from)
  if (end > start) return { start, end }
  throw new Error(`--from is not before --to; traces newer than --settle (${settle}) are ignored`)
}

/** Names of this machine are one: two of them must not make two leases. */
function leaseFile(url: string): string {
  const { hostname, port, protocol, pathname } = new URL(url)
  const host = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? 'localhost' : hostname
  const place = `${host}:${port || (protocol === 'https:' ? 443 : 80)}${pathname.replace(/\/+$/, '')}`
  const cache = cacheFolder(process.env)
  mkdirSync(cache, { recursive: true })
  return path.join(cache, `reconcile-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`)
}

function say(report: Report, { start, end }: TimeRange, values: Values): void {
  const { looked, repairs, refused, left, waiting, stoppedAt, unconfirmed } = report
  const timeOf = (seconds: number) => new Date(seconds * 1_000).toISOString()
  const [from, to] = [timeOf(start), timeOf(end)]
  if (values.json) {
    const stopped = stoppedAt === undefined ? null : timeOf(stoppedAt)
    console.log(
      JSON.stringify({
        from,
        to,
        dryRun: values['dry-run'],
        looked,
        left,
        waiting,
        stoppedAt: stopped,
        unconfirmed,
        repairs,
        refused,
      }),
    )
    return
  }
  const verb = values['dry-run'] ? 'misses' : 'got'
  for (const { traceId, tier, spans, wasAbsent } of repairs) {
    console.log(
      `${traceId} ${tier} ${verb} ${spans} span${spans === 1 ? '' : 's'}${wasAbsent ? ', all of the trace' : ''}`,
    )
  }
  for (const { traceId, tier, reason } of refused) console.log(`${traceId} ${tier} was rejected: ${reason}`)
  console.log(
    `${from} to ${to}: checked ${looked} traces, ${values['dry-run'] ? 'would repair' : 'repaired'} ${repairs.length}`,
  )
  if (unconfirmed > 0) console.log(`${unconfirmed} of them are not visible in Tempo yet; check again with --dry-run`)
  if (waiting > 0)
    console.log(
      `${waiting} remain: spans queued in the Collector for Tempo have not arrived; check its queues with afn-otel doctor`,
    )
  if (left > 0)
    console.log(`${left} more remain for the next run (--limit ${values.limit}, --timeout ${values.timeout})`)
  if (stoppedAt !== undefined)
    console.log(`nothing after ${timeOf(stoppedAt)} was checked (--limit ${values.limit}, --timeout ${values.timeout})`)
}
