// Answers that a part gives when something is wrong with it: made up here, by small servers of ours. That the real ones pass
// is tested in test/collector, test/tempo and test/prometheus.
import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { streamsOf } from '../../../src/pipeline/deployment/loki-config'
import { planOf } from '../../../src/pipeline/deployment/plan'
import type { Check } from '../../../src/pipeline/doctor/check'
import { collectorChecks } from '../../../src/pipeline/doctor/collector'
import { deliveryChecks } from '../../../src/pipeline/doctor/deliveries'
import { grafanaChecks } from '../../../src/pipeline/doctor/grafana'
import { langfuseChecks } from '../../../src/pipeline/doctor/langfuse'
import { lokiChecks } from '../../../src/pipeline/doctor/loki'
import { prometheusChecks } from '../../../src/pipeline/doctor/prometheus'
import { tempoChecks } from '../../../src/pipeline/doctor/tempo'
import { resolve } from '../../../src/shared/config/resolve'
import type { Status } from '../../../src/shared/diag/status'
import { freePorts, listen } from '../../support/ports'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

type Answer = string | object | { status: number; body?: string | object; date?: string }

/** Answers by path; 404 elsewhere. */
async function serve(answers: Record<string, Answer>): Promise<string> {
  const listener: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x')
    const found = answers[pathname] ?? { status: 404, body: '404 page not found' }
    const answer = (
      typeof found === 'object' && 'status' in found && typeof found.status === 'number' ? found : { body: found }
    ) as {
      status?: number
      body?: string | object
      date?: string
    }
    const { status = 200, body = '', date } = answer
    response
      .writeHead(status, date === undefined ? {} : { date })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer(listener)
  stops.push(() => server.close())
  return `http://127.0.0.1:${await listen(server)}`
}

const plan = planOf('laptop')
const failed = (checks: readonly Check[]) =>
  checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`)
const settingsOf = (env: Record<string, string>) => resolve({ env, cwd: '/', parseYaml: () => undefined }).settings

describe('deliveries', () => {
  it('says where Prometheus may fetch what is not sent', async () => {
    const scraped = 'http://127.0.0.1:9464/metrics'
    const status = { metrics: { exporter: 'prometheus', scraped } } as unknown as Status
    const checks = await deliveryChecks(status, settingsOf({}))
    expect(checks.find(({ name }) => name === 'metrics')).toMatchObject({
      ok: true,
      detail: `Prometheus can scrape ${scraped}`,
    })
  })

  async function remedyOf(url: string): Promise<string> {
    const status = { traces: { exporter: 'otlp', endpoint: `${url}/v1/traces` } } as Partial<Status> as Status
    const [traces] = await deliveryChecks(status, settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: url }))
    return traces!.detail
  }

  it('asks for credentials, and for another path', async () => {
    const url = await serve({ '/v1/traces': { status: 403, body: 'forbidden' } })
    expect(await remedyOf(url)).toContain('OTEL_EXPORTER_OTLP_HEADERS')
    expect(await remedyOf(`${url}/v1/traces`)).toMatch(/not an OTLP receiver/)
  })

  it('sends the headers and the password that the app sends, and shows neither', async () => {
    let authorization: unknown
    const server = createServer((request, response) => {
      authorization = request.headers.authorization
      response.end()
    })
    stops.push(() => server.close())
    const host = `127.0.0.1:${await listen(server)}`
    const status = { traces: { exporter: 'otlp', endpoint: `http://***@${host}/v1/traces` } } as unknown as Status
    const withPassword = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://bob:p%40w@${host}` }
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer 1' }
    const ask = (env: Record<string, string>) => deliveryChecks(status, settingsOf(env))
    expect((await ask({ ...withPassword, ...headers }))[0]).toMatchObject({ ok: true })
    expect(authorization).toBe('Bearer 1')
    const checks = await ask(withPassword)
    expect(authorization).toBe(`Basic ${btoa('bob:p@w')}`)
    expect(JSON.stringify(checks)).not.toMatch(/bob|p%40w/)
  })
})

describe('Collector', () => {
  const up = { status: 'Server available', uptime: '3h' }
  const exporters = [
    'otlp_grpc/tempo-detailed',
    'otlp_grpc/tempo-sampled',
    'otlp_grpc/tempo-errors',
    'otlp_http/langfuse',
    'otlp_http/prometheus-high',
  ]
  const healthy = [
    'otelcol_process_uptime 10800.5',
    'target_info{service_name="otelcol-afn",service_version="0.161.0"} 1',
    ...exporters.map(name => `otelcol_exporter_queue_capacity{data_type="traces",exporter="${name}"} 500`),
    ...exporters.map(name => `otelcol_exporter_queue_size{data_type="traces",exporter="${name}"} 0`),
  ]
  async function ask(
    lines: readonly string[],
    health: Answer = up,
    keyId?: string,
    more: Record<string, string> = { AFN_PROMETHEUS_URL: 'http://127.0.0.1:9' },
  ): Promise<Check[]> {
    const url = new URL(await serve({ '/': health, '/metrics': lines.join('\n') }))
    const env = { AFN_COLLECTOR_HEALTH: `0.0.0.0:${url.port}`, AFN_SELF_METRICS_PORT: url.port, ...more }
    const endpoint = 'http://127.0.0.1:4318/v1/traces'
    return collectorChecks({ env, endpoint, plans: [plan], version: '0.161.0', keyId })
  }

  it('runs another configuration than the generated one', async () => {
    expect(failed(await ask(healthy))).toEqual([])
    const lines = healthy.filter(line => !line.includes('tempo-errors'))
    expect(failed(await ask(lines))).toEqual([
      expect.stringMatching(/^components: .*: otlp_grpc\/tempo-errors is missing; .*afn-otel generate/),
    ])
  })

  it('says what it lost, where, since when and what to do', async () => {
    const checks = await ask([
      ...healthy,
      'otelcol_receiver_refused_spans_total{receiver="otlp",transport="http"} 12',
      'otelcol_exporter_enqueue_failed_spans{exporter="otlp_http/langfuse"} 7',
      'otelcol_processor_disk_limiter_refused_spans{processor="afn_disk_limiter"} 50',
      'otelcol_exporter_send_failed_spans{exporter="otlp_grpc/tempo-errors"} 3',
      'otelcol_exporter_send_failed_log_records{exporter="otlp_http/loki"} 0',
      'otelcol_processor_tail_sampling_sampling_trace_dropped_too_early 5',
      'otelcol_processor_filter_spans_filtered{filter="filter/invalid"} 2',
      'otelcol_processor_filter_spans_filtered{filter="filter/llm"} 900',
    ])
    const said = failed(checks).join('\n')
    expect(said).toMatch(/refused: 12 at otlp were refused on arrival, since it started 3 h ago/)
    expect(said).toMatch(/queue overflow: 7 at otlp_http\/langfuse did not fit into the queue/)
    expect(said).toMatch(/full disk: 50 at afn_disk_limiter were refused.*AFN_QUEUE_DIR/)
    expect(said).toMatch(/send failures: 3 at otlp_grpc\/tempo-errors were permanently rejected/)
    expect(said).toMatch(/early drops: 5 traces were dropped.*AFN_NUM_TRACES/)
    expect(said).toMatch(/invalid spans: 2 at filter\/invalid/)
    expect(said).not.toContain('loki')
  })

  it('says which queue is nearly full', async () => {
    const lines = healthy.filter(
      line => !line.startsWith('otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/tempo-e'),
    )
    const checks = await ask([
      ...lines,
      'otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/tempo-errors"} 450',
    ])
    expect(failed(checks).join('\n')).toContain('queues: nearly full: otlp_grpc/tempo-errors 450 of 500;')
  })

  const waiting = (lines: readonly string[], ...more: string[]) => [
    ...lines.filter(line => !(line.includes('queue_size') && line.includes('otlp_http/langfuse'))),
    'otelcol_exporter_queue_size{data_type="traces",exporter="otlp_http/langfuse"} 12',
    ...more,
  ]

  it('says of what waits that nothing of it was ever delivered', async () => {
    expect(failed(await ask(waiting(healthy)))).toEqual([
      expect.stringMatching(
        /^queues: waiting: otlp_http\/langfuse 12 of 500; nothing delivered by otlp_http\/langfuse since it started 3 h ago; its store is down/,
      ),
    ])
  })

  it('says since when nothing was delivered, by the Prometheus that scrapes it', async () => {
    const at = Math.floor(Date.now() / 1_000) - 1_000
    const metric = { exporter: 'otlp_http/langfuse' }
    const prometheus = await serve({
      '/api/v1/query': { data: { result: [{ metric, value: [at + 1_000, `${at}`] }] } },
    })
    const sent = 'otelcol_exporter_sent_spans{exporter="otlp_http/langfuse"} 40'
    const said = failed(await ask(waiting(healthy, sent), up, undefined, { AFN_PROMETHEUS_URL: prometheus }))
    const time = new Date(at * 1_000).toISOString().slice(0, 16)
    expect(said).toEqual([
      expect.stringContaining(`nothing delivered by otlp_http/langfuse since ${time}Z, 16 m ago; its store`),
    ])
  })

  it('has patience with what came just now, and with a Collector that has just started', async () => {
    const young = waiting(healthy).map(line => line.replace('uptime 10800.5', 'uptime 20'))
    expect(failed(await ask(young))).toEqual([])
    const sent = 'otelcol_exporter_sent_spans{exporter="otlp_http/langfuse"} 40'
    expect(failed(await ask(waiting(healthy, sent)))).toEqual([])
  })

  it('compares the key of the pseudonyms', async () => {
    const lines = healthy.map(line => line.replace('target_info{', 'target_info{afn_redaction_key_id="id 12345678",'))
    expect(failed(await ask(lines, up, 'abcdef01')).join('\n')).toMatch(/12345678, but the app uses abcdef01/)
    expect(failed(await ask(lines, up, '12345678')).join('\n')).not.toContain('pseudonyms')
  })

  it('is old, unwell, or another server', async () => {
    const old = healthy.map(line => line.replace('0.161.0', '0.99.0'))
    expect(failed(await ask(old)).join('\n')).toMatch(/version: otelcol-afn 0\.99\.0 is older than 0\.161\.0/)
    const down: Answer = { status: 503, body: { status: 'Server not available', uptime: '1s' } }
    expect(failed(await ask(healthy, down)).join('\n')).toMatch(/health: .*Server not available \(HTTP 503\)/)
    expect(failed(await ask([], 'hello'))).toEqual([
      expect.stringMatching(/is not Collector \(HTTP 200\); correct AFN_COLLECTOR_HEALTH/),
    ])
  })
})

describe('Tempo', () => {
  const build = { version: '3.1.0', goVersion: 'go1.26' }
  const overrides = (days: Record<string, string>) =>
    `GET /status/runtime_config\n---\noverrides:\n${Object.entries(days)
      .map(([tenant, kept]) => `  ${tenant}:\n    compaction:\n      block_retention: ${kept}\n`)
      .join('')}`
  const right = { 'afn-detailed': '72h0m0s', 'afn-sampled': '30d', 'afn-errors': '90d' }

  it('multi-tenancy is off, and a tenant is kept too briefly', async () => {
    const url = await serve({
      '/api/status/buildinfo': build,
      '/api/search': { traces: [] },
      '/status/runtime_config': overrides({ ...right, 'afn-errors': '14d' }),
    })
    const said = failed(await tempoChecks({ AFN_TEMPO_URL: url }, plan))
    expect(said).toEqual([
      expect.stringMatching(/^multi-tenancy: off .*multitenancy_enabled: true/),
      expect.stringMatching(/^retention: afn-errors retains 14 d, not 90 d; .*tempo-overrides\.yaml/),
    ])
  })

  it('a tenant without limits has those of all', async () => {
    const url = await serve({
      '/api/status/buildinfo': { ...build, version: '2.9.1' },
      '/api/search': { status: 401, body: 'no org id' },
      '/status/runtime_config': overrides({ 'afn-detailed': '3d', 'afn-sampled': '30d' }),
      '/status/config':
        'GET /status/config\n---\nbackend_worker:\n    compaction:\n        block_retention: 336h0m0s\n',
    })
    const said = failed(await tempoChecks({ AFN_TEMPO_URL: url }, plan)).join('\n')
    expect(said).toMatch(/version: 2\.9\.1 is older than 3\.0/)
    expect(said).toMatch(/afn-errors: search failed \(401: no org id\)/)
    expect(said).toMatch(/retention: afn-errors retains 14 d, not 90 d/)
  })

  it('a clock that is wrong', async () => {
    const date = new Date(Date.now() + 95_000).toUTCString()
    const url = await serve({ '/api/status/buildinfo': { status: 200, body: build, date } })
    expect(failed(await tempoChecks({ AFN_TEMPO_URL: url }, plan)).join('\n')).toMatch(
      /clock: 9[456] s ahead of this machine.*NTP/,
    )
  })

  it('is not there: a failure only where somebody set its address', async () => {
    const [port] = await freePorts(1)
    const gone = await tempoChecks({ AFN_TEMPO_URL: `http://127.0.0.1:${port}` }, plan)
    expect(failed(gone)).toEqual([expect.stringMatching(/does not answer \(ECONNREFUSED\).*correct AFN_TEMPO_URL/)])
  })
})

describe('Prometheus', () => {
  it('takes no OTLP, keeps for another time, and counted leaks', async () => {
    const url = await serve({
      '/api/v1/status/buildinfo': { data: { version: '3.16.0', goVersion: 'go1.26' } },
      '/api/v1/status/runtimeinfo': { data: { storageRetention: '15d or 10GiB' } },
      '/api/v1/query': {
        data: {
          resultType: 'vector',
          result: [
            {
              metric: {
                rule: 'no_usage',
                error_type: 'timeout',
                otel_component_type: 'otlp_http_span_exporter',
                job: 'shop',
              },
              value: [1, '2.3'],
            },
          ],
        },
      },
    })
    const said = failed(await prometheusChecks({ AFN_PROMETHEUS_URL: url, AFN_PROMETHEUS_LOW: url }, [plan])).join('\n')
    expect(said).toMatch(/^OTLP receiver: off \(HTTP 404\).*--web\.enable-otlp-receiver/m)
    expect(said).toMatch(/^retention: retains 15 d, not \d+ d/m)
    expect(said).toMatch(/^redaction leaks: in the last day, the Collector masked values in 3 records/m)
    expect(said).toMatch(
      /^lost telemetry: apps lost telemetry in the last day: 3 × timeout at otlp_http_span_exporter of shop \(the Collector/m,
    )
    expect(said).toMatch(/^data quality: .*no_usage \(3 × shop\): streams report tokens/m)
    expect(said).toMatch(/^low retention: retains 15 d, not 365 d/m)
  })
})

describe('Loki', () => {
  const build = { version: '3.7.8', goVersion: 'go1.26.6' }
  const config = (streams: object[], limits: object = {}, retention_enabled = true) =>
    JSON.stringify({
      compactor: { retention_enabled },
      limits_config: { deletion_mode: 'filter-and-delete', retention_stream: streams, ...limits },
    })
  // a running one says its periods as Go does
  const streams = streamsOf(plan).map(({ selector, period }) => ({
    selector,
    period: `${Number.parseInt(period, 10) / 24}d`,
  }))

  it('is looked at where a variable names it, and says what is wrong', async () => {
    expect(await lokiChecks({}, plan)).toEqual([])
    const at = async (text: string, { version = '3.7.8', ready = 200 } = {}) =>
      failed(
        await lokiChecks(
          {
            AFN_LOKI_URL: await serve({
              '/loki/api/v1/status/buildinfo': { ...build, version },
              '/ready': { status: ready, body: 'Ingester not ready: waiting for 15s after being ready' },
              '/config': text,
            }),
          },
          plan,
        ),
      )
    expect(await at(config(streams))).toEqual([])
    expect(await at(config(streams), { version: '2.9.1' })).toEqual([expect.stringMatching(/^version: 2.9.1 is older/)])
    expect(await at(config(streams), { ready: 503 })).toEqual([expect.stringMatching(/^reachable: .*waiting for 15s/)])
    expect(await at(config(streams.slice(1)))).toEqual([
      expect.stringMatching(
        /^retention: \{afn_logs_class="debug"\} is retained for the default time, not 24h; use the loki\.yaml/,
      ),
    ])
    expect(await at(config(streams, {}, false))).toEqual([
      expect.stringMatching(/^retention: off: records are kept forever/),
    ])
    expect(await at(config(streams, { deletion_mode: 'disabled' }))).toEqual([
      expect.stringMatching(/^deletion: disabled: afn-otel gdpr can't erase/),
    ])
    const stranger = { AFN_LOKI_URL: await serve({ '/loki/api/v1/status/buildinfo': { status: 404 } }) }
    expect(failed(await lokiChecks(stranger, plan))).toEqual([expect.stringContaining('is not Loki')])
  })
})

describe('Grafana', () => {
  it('is looked at where a variable names it, and says what is wrong', async () => {
    expect(await grafanaChecks({})).toEqual([])
    const at = async (answer: Answer) =>
      failed(await grafanaChecks({ AFN_GRAFANA: await serve({ '/api/health': answer }) }))
    expect(await at({ database: 'ok', version: '12.3.0' })).toEqual([])
    expect(await at({ status: 503, body: { database: 'failing' } })).toEqual([
      expect.stringContaining('database failing'),
    ])
    expect(await at({ status: 200, body: 'hello' })).toEqual([expect.stringContaining('is not Grafana')])
    expect(failed(await grafanaChecks({ AFN_GRAFANA: 'http://127.0.0.1:9' }))).toEqual([
      expect.stringContaining('correct AFN_GRAFANA'),
    ])
  })
})

describe('LangFuse', () => {
  const keys = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-2' }

  it('is not used without keys, and needs both', async () => {
    expect(await langfuseChecks(settingsOf({}))).toMatchObject([{ ok: true, skipped: true }])
    const one = await langfuseChecks(settingsOf({ LANGFUSE_PUBLIC_KEY: 'pk-lf-1' }))
    expect(failed(one)).toEqual([expect.stringContaining('LANGFUSE_SECRET_KEY is not set')])
  })

  it('names the project of the keys, or says that they are of none', async () => {
    const health = { status: 'OK', version: '4.16.0' }
    const answers: Record<string, Answer> = {
      '/api/public/health': { status: 200, body: health },
      '/api/public/projects': { data: [{ name: 'chat' }] },
    }
    const right = await langfuseChecks(settingsOf({ ...keys, LANGFUSE_HOST: await serve(answers) }))
    expect(right.find(({ name }) => name === 'keys')).toMatchObject({ ok: true, detail: 'for project chat' })
    const url = await serve({
      ...answers,
      '/api/public/projects': { status: 401, body: { message: 'Invalid credentials' } },
    })
    const away = { status: 503, body: { status: "Couldn't fetch recent events", version: '4.16.0' } }
    const unreadable = await serve({ ...answers, '/api/public/health': away })
    const said = failed(await langfuseChecks(settingsOf({ ...keys, LANGFUSE_HOST: unreadable })))
    expect(said).toContainEqual(expect.stringMatching(/^events: .*ClickHouse/))
    const wrong = await langfuseChecks(settingsOf({ ...keys, LANGFUSE_HOST: url }))
    expect(failed(wrong)).toEqual([expect.stringContaining('do not match a project there')])
    expect(JSON.stringify(wrong)).not.toContain('sk-lf')
  })
})
