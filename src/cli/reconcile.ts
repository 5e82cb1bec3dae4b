// `afn-otel reconcile`: repairs the tiers in Tempo.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { withoutCredentials } from '../config/credentials'
import { collectorPlaces } from '../doctor/addresses'
import { type Lease, takeLease } from '../files/lease'
import { published, urlOf } from '../pipeline/hosts'
import { planOf } from '../pipeline/plan'
import { type Backend, BackendError, httpUrl } from '../queries/http'
import { secondsOfDuration, type TimeRange } from '../queries/window'
import { deliveriesOf } from '../reconcile/deliveries'
import { findReceiver, findTempo } from '../reconcile/receiver'
import { reconcile as repairTiers } from '../reconcile/reconcile'
import type { Report } from '../reconcile/report'
import { storeOf } from '../reconcile/store'
import { cacheFolder } from './cache-folder'
import { helpOption, print } from './help'
import { limitOf, timeOf } from './option-values'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { successHelp, tellSuccess } from './push-gauges'
import { everyOption, inRounds } from './rounds'

export const options = {
  since: { type: 'string', default: '1h', help: 'how far back' },
  from: {
    type: 'string',
    argument: 'TIME',
    help: 'the first time, such as 2026-11-24T10:00:00Z',
    otherwise: '--since before the last one',
  },
  to: { type: 'string', argument: 'TIME', help: 'the last time', otherwise: '--settle ago' },
  settle: { type: 'string', default: '5m', help: 'what is younger is left alone: the Collector may still be deciding' },
  pause: {
    type: 'string',
    default: '10s',
    help: 'between the first read and the later ones; longer than AFN_AFTER_ROOT, in which the Collector decides',
  },
  ...everyOption('10m', `; each round looks as far back as --since. ${successHelp}`),
  'dry-run': { type: 'boolean', default: false, help: 'says what is missing and pushes nothing' },
  limit: { type: 'string', default: '10000', help: 'most traces that are looked at in one round' },
  timeout: {
    type: 'string',
    default: '10m',
    help: 'longest time of one round; what is left then is left for the next',
  },
  tempo: {
    type: 'string',
    argument: 'URL',
    help: "Tempo's HTTP API",
    otherwise: `AFN_TEMPO_URL, else ${urlOf(published.tempo)}, where compose.yaml publishes it, else http://localhost:3200`,
  },
  otlp: {
    type: 'string',
    argument: 'URL',
    help: "Tempo's own OTLP/HTTP receiver, not the Collector's",
    otherwise: `AFN_TEMPO_OTLP_URL, else looked for on Tempo's host: port ${published.tempoOtlp}, where compose.yaml publishes it, then the port of Tempo's own configuration`,
  },
  json: { type: 'boolean', default: false, help: 'the report as JSON, a line for each round' },
} as const satisfies Options

type Values = ReturnType<typeof read>

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption } }).values

const help = `Usage: afn-otel reconcile [--since 1h | --from TIME --to TIME] [--every 10m] [--dry-run] [OPTIONS]

Finds traces that Tempo has in detailed, that belong to sampled or errors, and that are missing or incomplete there: the
Collector was killed before it had decided, or an error came after the decision. Pushes the spans that
no read shows, of several, into Tempo's own receiver, and only once that has shown that it is Tempo's. Running it again changes
nothing.

${optionLines(options)}

Exit codes: 0 done; 1 Tempo is not there or refuses; 2 the command is not right; 3 another reconcile is at work.`

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
      const taken = `another one is at work on ${withoutCredentials(tempo.url)} (${file}.*.lock)`
      lease = takeLease(file, 'set AFN_CACHE_DIR to a folder that can')
      if (!lease) throw new LeaseTaken(`${taken}; nothing was done`)
      const beforePush = () => {
        if (!lease?.isHeld()) throw new LeaseTaken(`${taken}, since this one slept; the rest is left for it`)
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
  throw new Error(`--from is not before --to; what is younger than --settle (${settle}) is not looked at`)
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
  for (const { traceId, tier, reason } of refused) console.log(`${traceId} ${tier} was refused: ${reason}`)
  console.log(
    `${from} to ${to}: looked at ${looked} traces, ${values['dry-run'] ? 'would repair' : 'repaired'} ${repairs.length}`,
  )
  if (unconfirmed > 0) console.log(`${unconfirmed} of them are not to be seen in Tempo yet; look again with --dry-run`)
  if (waiting > 0)
    console.log(
      `${waiting} are left: spans that the Collector has for Tempo have not arrived; see its queues by afn-otel doctor`,
    )
  if (left > 0)
    console.log(`${left} more are left for the next run (--limit ${values.limit}, --timeout ${values.timeout})`)
  if (stoppedAt !== undefined)
    console.log(
      `nothing from ${timeOf(stoppedAt)} on was looked at (--limit ${values.limit}, --timeout ${values.timeout})`,
    )
}
