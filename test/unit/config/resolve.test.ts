import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { explain } from '../../../src/shared/config/explain'
import { otlpTarget } from '../../../src/shared/config/otlp'
import { resolve } from '../../../src/shared/config/resolve'
import { createRedactor } from '../../../src/shared/redact'

function resolvedIn(env: Record<string, string>, file?: string, name = 'afn-otel.config.yaml') {
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
    expect(resolvedIn({ OTEL_SERVICE_NAME: ' ' }).resolved.settings.serviceName).toBeUndefined()
  })

  it('reads JSON, and the file that AFN_CONFIG names', () => {
    const { cwd } = resolvedIn({}, '{"service":{"name":"json"}}', 'other.json')
    const resolved = resolve({ env: { AFN_CONFIG: 'other.json' }, cwd, parseYaml: parse })
    expect(resolved.settings.serviceName).toBe('json')
  })

  it("follows OpenTelemetry's rule for endpoints: the common one gets a path, a signal's own is whole", () => {
    const { settings } = resolvedIn({
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

describe('values from code and from the file', () => {
  it('are held to the same rules as variables', () => {
    const code = {
      samplerArg: 2,
      tracesExporter: 'console,zipkin',
      propagators: [],
      spanTimeout: 0,
    } as unknown as object
    const { settings, problems } = resolve({ env: {}, cwd: '/', parseYaml: parse, code })
    expect(settings).toMatchObject({
      samplerArg: 1,
      tracesExporter: ['console'],
      propagators: [],
      spanTimeout: 2 ** 31 - 1,
    })
    expect(problems.map(({ message }) => message)).toEqual([
      'settings.samplerArg=2 is not allowed; use a number from 0 to 1',
      'settings.tracesExporter: "zipkin" is left out; use a comma-separated list of otlp, console, none',
    ])
    const { resolved } = resolvedIn({}, 'propagators: [b3, 7, ottrace]\nresource: {a: 1, b: {c: 2}}')
    expect(resolved.settings.propagators).toEqual(['b3'])
    expect(resolved.problems).toHaveLength(3)
  })
})

describe('bad input', () => {
  const cases: [string, Record<string, string>, string | undefined, RegExp][] = [
    [
      'a bad number',
      { OTEL_BSP_SCHEDULE_DELAY: 'soon' },
      undefined,
      /^OTEL_BSP_SCHEDULE_DELAY="soon" is not allowed; use a whole number from 0 to 2147483647$/,
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
      const { resolved } = resolvedIn(env, file)
      expect(resolved.problems).toHaveLength(1)
      expect(resolved.problems[0]?.message).toMatch(message)
      expect(resolved.settings).toMatchObject({
        spanDelay: 5000,
        tracesExporter: ['otlp'],
        otlpProtocol: 'http/protobuf',
        otlpEndpoint: 'http://localhost:4318',
      })
    },
  )

  it('loses nothing else of the file', () => {
    const { resolved } = resolvedIn({}, 'workers: maybe\nservice: {name: kept}')
    expect(resolved.settings.serviceName).toBe('kept')
    expect(resolved.problems).toHaveLength(1)
  })

  it('never shows a secret, neither in a problem nor explained', () => {
    const { resolved } = resolvedIn({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer hush',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: '=hush',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://bob:hush@collector:4318/?token=hush#hush',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'bob:hush@collector:4318',
      LANGFUSE_HOST: 'https://bob:hu/sh@langfuse',
      OTEL_RESOURCE_ATTRIBUTES: 'db.password=hush,note=ask%20bob@example.com',
    })
    const explained = explain(resolved, (key, value) => createRedactor().value(key, value))
    expect(JSON.stringify([resolved.problems, explained])).not.toMatch(/hu\/?sh|bob/)
    expect(explained.find(({ name }) => name === 'otlpEndpoint')?.value).toBe('http://***@collector:4318/?***#***')
    expect(explained.find(row => row.name === 'otlpHeaders')).toMatchObject({
      value: '(set, secret)',
      from: 'environment OTEL_EXPORTER_OTLP_HEADERS',
    })
  })
})
