// Whether somebody takes what the app would send.
import { otlpTarget, type Signal } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import type { Status } from '../../shared/diag/status'
import { type Check, checksOf } from './check'
import { type Answered, ask, emptyOtlp, type Silent } from './probe-request'

const { holds, fails } = checksOf('app')

export async function deliveryChecks(status: Status, settings: Settings): Promise<Check[]> {
  const send = async (signal: Signal) => {
    const endpoint = status[signal]?.endpoint
    if (!endpoint) return undefined
    const { url, headers } = otlpTarget(signal, settings)
    return { endpoint, answer: await ask(url, { ...emptyOtlp, headers: { ...headers, ...emptyOtlp.headers } }) }
  }
  const [traces, metrics, logs] = await Promise.all([send('traces'), send('metrics'), send('logs')])
  const takesSpans = traces !== undefined && isTaken(traces.answer)
  return [
    delivery('traces', status, traces, false),
    delivery('metrics', status, metrics, takesSpans),
    delivery('logs', status, logs, takesSpans),
  ]
}

interface ProbeDelivery {
  readonly endpoint: string
  readonly answer: Answered | Silent
}

function delivery(signal: Signal, status: Status, sent: ProbeDelivery | undefined, takesSpans: boolean): Check {
  if (!sent) {
    const target = status[signal]
    if (!target) return fails(signal, 'the SDK was not started')
    const { scraped } = signal === 'metrics' && status.metrics ? status.metrics : {}
    return holds(signal, scraped ? `Prometheus can scrape ${scraped}` : `exporter ${target.exporter}`)
  }
  const { endpoint, answer } = sent
  if (isTaken(answer)) return holds(signal, `${endpoint} accepts them`)
  const reason = 'silent' in answer ? answer.silent : `HTTP ${answer.status}`
  return fails(signal, `${endpoint} rejects them (${reason}); ${remedy(sent, takesSpans)}`)
}

const isTaken = (answer: Answered | Silent): boolean =>
  'status' in answer && answer.status >= 200 && answer.status < 300

function remedy({ endpoint, answer }: ProbeDelivery, takesSpans: boolean): string {
  const status = 'status' in answer ? answer.status : 0
  if (status === 401 || status === 403) return 'the credentials are missing or wrong: set OTEL_EXPORTER_OTLP_HEADERS'
  if (status === 404 && takesSpans)
    return 'the endpoint accepts only spans, like the receiver of Tempo itself, which neither redacts nor samples: set OTEL_EXPORTER_OTLP_ENDPOINT to the Collector'
  if (status === 404)
    return 'this is not an OTLP receiver: set OTEL_EXPORTER_OTLP_ENDPOINT to the Collector, without /v1/traces'
  if (new URL(endpoint).port === '4317')
    return 'port 4317 is for gRPC, but the exporter uses HTTP: set OTEL_EXPORTER_OTLP_ENDPOINT to port 4318'
  return 'start a Collector (afn-otel collector run) or the embedded backend (afn-otel up) there, or set OTEL_EXPORTER_OTLP_ENDPOINT'
}
