import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { explain } from '../../../src/config/explain'
import { notHonoured, passedOn } from '../../../src/config/otel-variables'
import { otlpTarget } from '../../../src/config/otlp'
import { resolve } from '../../../src/config/resolve'
import { settings } from '../../../src/config/settings'

function given(env: Record<string, string>, file?: string, name = 'afn-otel.config.yaml') {
  const cwd = mkdtempSync(path.join(tmpdir(), 'afn-config-'))
  if (file !== undefined) writeFileSync(path.join(cwd, name), file)
  return { cwd, resolved: resolve({ env, cwd, parseYaml: parse }) }
}

describe('sources', () => {
  it('code wins over environment, environment over file, file over default', () => {
    const cwd = mkdtempSync(path.join(tmpdir(), 'afn-config-'))
    writeFileSync(
      path.join(cwd, 'afn-otel.config.yaml'),
      'service: {name: from-file}\notlp: {timeout: 3}\nworkers: true\n',
    )
    const env = { OTEL_SERVICE_NAME: 'from-env', OTEL_EXPORTER_OTLP_TIMEOUT: '4' }
    const { settings, provenance } = resolve({ env, cwd, parseYaml: parse, code: { serviceName: 'from-code' } })
    expect(settings).toMatchObject({ serviceName: 'from-code', otlpTimeout: 4, workers: true, spanBatch: 512 })
    expect(provenance.serviceName).toEqual({ source: 'code' })
    expect(provenance.otlpTimeout).toEqual({ source: 'env', at: 'OTEL_EXPORTER_OTLP_TIMEOUT' })
    expect(provenance.workers).toEqual({ source: 'file', at: 'workers' })
    expect(provenance.spanBatch).toEqual({ source: 'default' })
  })

  it('takes an empty variable as not set', () => {
    expect(given({ OTEL_SERVICE_NAME: ' ' }).resolved.settings.serviceName).toBeUndefined()
  })

  it('reads JSON, and the file that AFN_CONFIG names', () => {
    const { cwd } = given({}, '{"service":{"name":"json"}}', 'other.json')
    const resolved = resolve({ env: { AFN_CONFIG: 'other.json' }, cwd, parseYaml: parse })
    expect(resolved.settings.serviceName).toBe('json')
  })

  it("follows OpenTelemetry's rule for endpoints: the common one gets a path, a signal's own is whole", () => {
    const { settings } = given({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/base/',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://l:1/x',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=two%20words',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=3',
    }).resolved
    expect(otlpTarget('traces', settings)).toMatchObject({
      url: 'http://c:4318/base/v1/traces',
      headers: { a: '1', b: '3' },
    })
    expect(otlpTarget('logs', settings)).toMatchObject({ url: 'http://l:1/x', headers: { a: '1', b: 'two words' } })
  })
})

describe('bad input', () => {
  const cases: [string, Record<string, string>, string | undefined, RegExp][] = [
    [
      'a bad number',
      { OTEL_BSP_SCHEDULE_DELAY: 'soon' },
      undefined,
      /^OTEL_BSP_SCHEDULE_DELAY="soon" is not allowed; use a whole number, 1 or more$/,
    ],
    ['a bad word', { OTEL_TRACES_EXPORTER: 'jaeger' }, undefined, /OTEL_TRACES_EXPORTER="jaeger".*otlp, console, none/],
    ['gRPC', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, undefined, /OTEL_EXPORTER_OTLP_PROTOCOL="grpc".*http\/protobuf/],
    [
      'a bad value in the file',
      {},
      'otlp: {endpoint: "collector:4317"}',
      /afn-otel\.config\.yaml: otlp\.endpoint="collector:4317" is not allowed; use a URL/,
    ],
    ['an unknown key in the file', {}, 'servce: {name: x}', /afn-otel\.config\.yaml: "servce" is no setting/],
    ['broken YAML', {}, 'a: [1', /afn-otel\.config\.yaml is not valid YAML/],
    ['a list instead of a map', {}, '- a', /must hold a map/],
    [
      'a file that is not there',
      { AFN_CONFIG: '/nowhere/x.yaml' },
      undefined,
      /\/nowhere\/x\.yaml can't be read \(ENOENT\)/,
    ],
  ]
  it.each(cases)(
    '%s is one problem that names the place and what is allowed, and the default counts',
    (_, env, file, message) => {
      const { resolved } = given(env, file)
      expect(resolved.problems).toHaveLength(1)
      expect(resolved.problems[0]?.message).toMatch(message)
      expect(resolved.settings).toMatchObject({
        spanDelay: 5000,
        tracesExporter: 'otlp',
        otlpProtocol: 'http/protobuf',
        otlpEndpoint: 'http://localhost:4318',
      })
    },
  )

  it('loses nothing else of the file', () => {
    const { resolved } = given({}, 'workers: maybe\nservice: {name: kept}')
    expect(resolved.settings.serviceName).toBe('kept')
    expect(resolved.problems).toHaveLength(1)
  })

  it('never shows a secret, neither in a problem nor explained', () => {
    const { resolved } = given({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer hush',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: '=hush',
    })
    expect(JSON.stringify([resolved.problems, explain(resolved)])).not.toContain('hush')
    expect(explain(resolved).find(row => row.name === 'otlpHeaders')).toMatchObject({
      value: '(set, secret)',
      from: 'environment OTEL_EXPORTER_OTLP_HEADERS',
    })
  })
})

describe('the table of OTEL_* variables', () => {
  // Names from the OpenTelemetry specification's page "Environment variable specification" and from the JavaScript SDK.
  const signals = ['', 'TRACES_', 'METRICS_', 'LOGS_']
  const perSignal = [
    'ENDPOINT',
    'HEADERS',
    'COMPRESSION',
    'TIMEOUT',
    'PROTOCOL',
    'CERTIFICATE',
    'CLIENT_KEY',
    'CLIENT_CERTIFICATE',
    'INSECURE',
  ]
  const defined = [
    ...signals.flatMap(signal => perSignal.map(name => `OTEL_EXPORTER_OTLP_${signal}${name}`)),
    ...'SDK_DISABLED ENTITIES RESOURCE_ATTRIBUTES SERVICE_NAME LOG_LEVEL PROPAGATORS TRACES_SAMPLER TRACES_SAMPLER_ARG'
      .split(' ')
      .map(n => `OTEL_${n}`),
    ...['BSP', 'BLRP'].flatMap(p =>
      ['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(n => `OTEL_${p}_${n}`),
    ),
    ...['ATTRIBUTE', 'SPAN_ATTRIBUTE', 'LOGRECORD_ATTRIBUTE'].flatMap(p => [
      `OTEL_${p}_VALUE_LENGTH_LIMIT`,
      `OTEL_${p}_COUNT_LIMIT`,
    ]),
    ...['SPAN_EVENT', 'SPAN_LINK', 'EVENT_ATTRIBUTE', 'LINK_ATTRIBUTE'].map(p => `OTEL_${p}_COUNT_LIMIT`),
    ...['TRACES', 'METRICS', 'LOGS'].map(signal => `OTEL_${signal}_EXPORTER`),
    ...'ZIPKIN_ENDPOINT ZIPKIN_TIMEOUT PROMETHEUS_HOST PROMETHEUS_PORT OTLP_METRICS_TEMPORALITY_PREFERENCE OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'
      .split(' ')
      .map(n => `OTEL_EXPORTER_${n}`),
    ...'METRICS_EXEMPLAR_FILTER METRIC_EXPORT_INTERVAL METRIC_EXPORT_TIMEOUT CONFIG_FILE SEMCONV_STABILITY_OPT_IN INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'
      .split(' ')
      .map(n => `OTEL_${n}`),
    ...'RESOURCE_DETECTORS ENABLED_INSTRUMENTATIONS DISABLED_INSTRUMENTATIONS EXPERIMENTAL_SDK_METRICS'
      .split(' ')
      .map(n => `OTEL_NODE_${n}`),
  ]
  const honoured = new Set<string>(Object.values(settings).flatMap(setting => setting.env))

  it.each(defined)('%s is honoured, passed on, or named as not honoured', name => {
    const places = [honoured.has(name), name in passedOn, name in notHonoured].filter(Boolean)
    expect(places).toHaveLength(1)
  })
})
