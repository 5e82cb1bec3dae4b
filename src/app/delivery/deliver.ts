// Sends batches of one signal to the configured exporter, and counts the results.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { type OtlpTarget, otlpTarget, type Signal } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'
import type { DeliveryCounts } from './counts'
import type { Attempt, Outcome } from './queue'
import type { AcceptedAttempt, Failure } from './retrying-transport'
import type { Dropped } from './waiting'

/** A batch of one signal before encoding. */
export interface Outgoing<Batch> {
  readonly batch: Batch
  /** Number of spans, log records or data points in it. */
  readonly count: number
  readonly resource: Resource
}

export interface Delivery<Batch> {
  /** Sends the batch once, and counts it unless it will be retried; never rejects. */
  deliver(outgoing: Outgoing<Batch>, attempt: Attempt): Promise<Outcome>
  /** Whether the receiver answers an empty request. */
  answers(): Promise<boolean>
  /** Counts items that were delivered elsewhere. */
  count(count: number): void
  /** Counts items that were never sent. */
  drop(reason: Dropped, count: number): void
}

const untraced = suppressTracing(ROOT_CONTEXT)

export function createDelivery<Batch>(
  signal: Signal,
  exporter: 'otlp' | 'console',
  settings: Settings,
  counts: DeliveryCounts,
): Delivery<Batch> {
  const target = otlpTarget(signal, settings)
  const { delivered, failed } = counts.exporter(signal, componentOf(exporter, target))
  const { send, answers } = exporter === 'console' ? toConsole<Batch>(signal) : toCollector<Batch>(target)
  /** Since when the receiver has accepted nothing. */
  let awaySince: number | undefined

  function lose(type: string, count: number, why: string): 'over' {
    failed(type, count)
    report('AFN130', undelivered(target, `${why})`))
    return 'over'
  }

  function outcomeOf(result: AcceptedAttempt | Failure, count: number, begun: number, attempt: Attempt): Outcome {
    if (result.ok) {
      awaySince = undefined
      took(result, count)
      return 'over'
    }
    if (result.type === '413' && attempt.mayPart) return { answered: true, tooLarge: true }
    if (!result.retryable) return lose(result.type, count, result.reason)
    awaySince ??= begun
    // short outages are not reported; the margin is for timers that fire some ms early
    if (attempt.isFlush || performance.now() - awaySince + 10 >= target.timeoutMs)
      report('AFN130', undelivered(target, `${result.reason}) and wait`))
    const { open, ...untaken } = result
    if (!open) return untaken
    const end = open.end.then(answer => outcomeOf(answer, count, begun, attempt))
    return { ...untaken, open: { end, giveUp: open.giveUp } }
  }

  function took(answer: AcceptedAttempt, count: number): void {
    // an empty answer means full success
    const partial = answer.body.length > 0 && loadChunk('otlp').partialSuccess(signal, answer)
    const { rejected = 0, message } = partial || {}
    delivered(Math.max(0, count - rejected))
    if (rejected > 0) failed('rejected', Math.min(count, rejected))
    if (rejected > 0 || message) report('AFN135', partly(target, rejected, message))
  }

  async function deliver({ batch, count, resource }: Outgoing<Batch>, attempt: Attempt): Promise<Outcome> {
    const begun = performance.now()
    // the first attempt already wrote it to the console
    if (exporter === 'console' && !attempt.isFirst) return 'nothing'
    try {
      const result =
        resource.asyncAttributesPending && !(await settled(resource, target.timeoutMs))
          ? unsettled
          : // exporting itself must not create spans
            await context.with(untraced, send, undefined, batch, attempt, begun + target.timeoutMs)
      return outcomeOf(result, count, begun, attempt)
    } catch (error) {
      return lose((error as NodeJS.ErrnoException).code ?? 'error', count, reason(error))
    }
  }

  return { deliver, answers, count: delivered, drop: failed }
}

/** The `otel.component.type` of the conventions; the class name if they define none. */
function componentOf(exporter: 'otlp' | 'console', { signal, protocol }: OtlpTarget): string {
  if (exporter === 'console') return consoleExporters[signal]
  const item = { traces: 'span', metrics: 'metric', logs: 'log' }[signal]
  return protocol === 'http/json' ? `otlp_http_json_${item}_exporter` : `otlp_http_${item}_exporter`
}

interface Way<Batch> {
  send(batch: Batch, attempt: Attempt, deadline: number): Promise<AcceptedAttempt | Failure>
  answers(): Promise<boolean>
}

const unsettled: Failure = {
  ok: false,
  type: 'timeout',
  reason: 'the attributes of the resource did not come in time',
  retryable: true,
  answered: false,
}

/** Encoding takes longest, so two batches are not encoded in the same turn of the event loop. */
let turn = Promise.resolve()
// an app's fake timers must not delay telemetry
const { setImmediate } = globalThis

/** Loads the encoder and the transport with the first batch. */
function toCollector<Batch>(target: OtlpTarget): Way<Batch> {
  let loaded: ReturnType<typeof load> | undefined
  function load() {
    const { createTransport, encoders } = loadChunk('otlp')
    const encode = encoders[target.protocol][target.signal] as unknown as (batch: Batch) => Buffer
    return { transport: createTransport(target), encode }
  }
  return {
    async send(batch, attempt, deadline) {
      loaded ??= load()
      const { transport, encode } = loaded
      turn = turn.then(() => new Promise<void>(resolve => setImmediate(resolve)))
      await turn
      return transport.attempt(encode(batch), attempt.isFlush, deadline)
    },
    async answers() {
      loaded ??= load()
      const nothing = Buffer.from(target.protocol === 'http/json' ? '{}' : '')
      const result = await loaded.transport.attempt(nothing, false, performance.now() + target.timeoutMs)
      if (result.ok) return true
      result.open?.giveUp()
      return result.answered
    },
  }
}

const consoleExporters = {
  traces: 'ConsoleSpanExporter',
  metrics: 'ConsoleMetricExporter',
  logs: 'ConsoleLogRecordExporter',
} as const

function toConsole<Batch>(signal: Signal): Way<Batch> {
  return {
    async send(batch) {
      const Exporter = loadChunk('console')[consoleExporters[signal]]
      const { code, error } = await new Promise<ExportResult>(resolve => {
        new Exporter().export(batch as never, resolve)
      })
      if (code === ExportResultCode.SUCCESS) return { ok: true, body: Buffer.alloc(0), contentType: '' }
      return { ok: false, type: 'error', reason: reason(error), retryable: false, answered: true }
    },
    answers: async () => false,
  }
}

/** Whether all attributes of the resource are resolved in time. */
async function settled(resource: Resource, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<false>(resolve => {
    timer = setTimeout(resolve, timeoutMs, false).unref()
  })
  const work = Promise.resolve(resource.waitForAsyncAttributes?.()).then(() => true)
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}

function undelivered(target: OtlpTarget, why: string): string {
  const { signal } = target
  return `${signal} could not be delivered to ${address(target)} (${why}; start a Collector or afn-otel up there, or set OTEL_EXPORTER_OTLP_ENDPOINT (OTEL_${signal.toUpperCase()}_EXPORTER=none turns this off)`
}

/** Omits the number, because each one would count as a different failure; `status()` has it. */
function partly(target: OtlpTarget, rejected: number, message: string | undefined): string {
  const what = rejected > 0 ? `rejected a part of the ${target.signal}` : `took the ${target.signal} with a warning`
  return `${address(target)} ${what}${message ? `: ${message}` : ''}; status().exported counts how many, the log of the Collector says more`
}

function address({ url }: OtlpTarget): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
