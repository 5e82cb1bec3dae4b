// `afn-otel up` of the packed package, and the commands that ask it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { type RunningUp, runUp, startUp, upFolder } from '../support/up'
import { requests } from '../tempo/traces'

const start = Date.now() - 60_000
const attribute = (key: string, value: object) => ({ key, value })

describe('afn-otel up', () => {
  let up: RunningUp
  beforeAll(async () => {
    up = await startUp(['--data', 'data'])
    for (const { body } of requests(start)) expect((await up.post('traces', body)).status).toBe(200)
    const record = {
      timeUnixNano: `${start}000000`,
      severityNumber: 17,
      severityText: 'ERROR',
      body: { stringValue: 'the model did not answer' },
      traceId: '00000000000000000000000000000abc',
      spanId: '0000000000000001',
    }
    await up.post('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
  })
  afterAll(() => up.stop())

  it('prints in four lines where everything is', () => {
    expect(up.stdout().trim().split('\n')).toEqual([
      expect.stringMatching(/^explorer +http:\/\/127\.0\.0\.1:\d+ /),
      expect.stringMatching(/^OTLP +http:\/\/127\.0\.0\.1:\d+ .*OTEL_EXPORTER_OTLP_ENDPOINT/),
      expect.stringMatching(/^gRPC +http:\/\/127\.0\.0\.1:\d+ .*OTEL_EXPORTER_OTLP_PROTOCOL=grpc/),
      expect.stringContaining(path.join(up.folder, 'data')),
    ])
    expect(up.stderr()).toBe('')
  })

  it('lists traces with tier, cost and models', async () => {
    const { code, stdout } = await up.command(['traces', '--limit', '50'])
    expect(code).toBe(0)
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(1 + requests(start).length)
    expect(lines.find(line => line.includes('3.10 s'))).toMatch(
      /sampled +chat-api +POST \/chat .* 1 +0\.3 USD +claude-sonnet-5 +[0-9a-f]{32}$/,
    )
    const { traces } = JSON.parse((await up.command(['traces', '--json', '--limit', '50'])).stdout)
    const slow = traces.find(({ durationMs }: { durationMs: number }) => durationMs === 3100)
    expect(slow.afn).toMatchObject({
      tier: 'sampled',
      reason: 'slow',
      calls: 1,
      costUsd: 0.3,
      models: ['claude-sonnet-5'],
    })
  })

  it('shows a trace as a tree, with what its calls used and what failed', async () => {
    const { traces } = JSON.parse((await up.command(['traces', '--json', '--limit', '50'])).stdout)
    const { traceID } = traces.find(({ durationMs }: { durationMs: number }) => durationMs === 1_900)
    const { code, stdout } = await up.command(['trace', traceID])
    expect(code).toBe(0)
    expect(stdout).toMatch(/errors \(errors\), kept until \d{4}-/)
    expect(stdout).toMatch(/^POST \/chat +chat-api/m)
    expect(stdout).toMatch(/^[│ ] {2}[├└]─ chat gpt-5-mini .*gpt-5-mini, \d+ in, \d+ out, 0\.1 USD/m)
    expect(stdout).toMatch(/execute_tool search .* ERROR TimeoutError/)
    expect(await up.command(['trace', 'fff'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/trace \w+ not found/),
    })
  })

  it('says how much it holds', async () => {
    const { stdout } = await up.command(['stats', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ traces: requests(start).length, rejected: 0 })
    const words = (await up.command(['stats'])).stdout
    expect(words).toMatch(/^stored +\d+ spans of \d+ traces, /m)
    expect(words).toMatch(/^on disk +[\d.]+ MB of 10737\.4 MB at most \(AFN_LOCAL_MAX_BYTES\)$/m)
    expect(words).toMatch(/^kept +traces for days: detailed 3, sampled 30, errors 90$/m)
  })

  it('writes a Parquet file that others read', async () => {
    const file = path.join(up.folder, 'spans.parquet')
    expect(await up.command(['export', '--parquet', file])).toMatchObject({ code: 0, stderr: '' })
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const reader = await connection.runAndReadAll(
      `SELECT count(DISTINCT trace_id) AS traces, min(len(trace_id)) AS digits FROM '${file}' WHERE service_name IS NOT NULL`,
    )
    expect(reader.getRowObjectsJS()).toEqual([{ traces: BigInt(requests(start).length), digits: 32n }])
  })

  it('is found by afn-otel query and known to afn-otel doctor', async () => {
    const found = await up.command(['query', '{}', '--json', '--limit', '50'])
    expect(JSON.parse(found.stdout).traces).toHaveLength(requests(start).length)
    const doctor = await up.command(['doctor', '--json'])
    const { checks } = JSON.parse(doctor.stdout)
    expect(checks.filter(({ part }: { part: string }) => part === 'Tempo')).toMatchObject([
      { ok: true, detail: expect.stringContaining('afn-otel up') },
    ])
  })

  it('ends at a signal with 0, and has everything when it starts again', async () => {
    const { folder } = up
    expect(await up.stop('SIGINT')).toBe(0)
    up = await startUp(['--data', 'data'], { folder })
    expect(JSON.parse((await up.command(['stats', '--json'])).stdout)).toMatchObject({ traces: requests(start).length })
  })
})

describe("up that can't start prints one line with a remedy, and exits with 1:", () => {
  it('the file may not be written', async () => {
    const folder = upFolder()
    // a folder in its place, which nobody can write either, not even root
    mkdirSync(path.join(folder, 'data/afn.duckdb'), { recursive: true })
    const { code, stderr } = await runUp(folder, ['--data', 'data'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^afn-otel up: .*afn\.duckdb.*--data.*\n$/),
    })
  })

  it('DuckDB is not installed', async () => {
    const { code, stderr } = await runUp(makeApp({ files: {} }), ['--memory'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^afn-otel up: .*npm i @duckdb\/node-api.*\n$/),
    })
  })

  it('its port is taken', async () => {
    const server = createServer()
    const port = await listen(server)
    for (const option of ['--port', '--otlp-port']) {
      const { code, stderr } = await runUp(upFolder(), ['--memory', option, String(port)])
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(new RegExp(`^afn-otel up: port ${port} is already in use.*${option}\\n$`)),
      })
    }
    server.close()
  })

  it('another up has the folder', async () => {
    const first = await startUp(['--data', 'data'])
    const { code, stderr } = await runUp(first.folder, ['--data', 'data'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^afn-otel up: .*--data.*\n$/) })
    await first.stop()
  })

  it('the file is of something else', async () => {
    const folder = upFolder()
    mkdirSync(path.join(folder, 'data'))
    writeFileSync(path.join(folder, 'data/afn.duckdb'), 'something else')
    const { code, stderr } = await runUp(folder, ['--data', 'data'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^afn-otel up: .*afn\.duckdb.*not a valid DuckDB.*--data\n$/),
    })
  })

  it('the folder can not be made', async () => {
    const { code, stderr } = await runUp(upFolder(), ['--data', 'package.json/data'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^afn-otel up: .*package\.json.*--data.*\n$/),
    })
  })
})

it('tail prints each trace when its spans have come to rest, and ends with the server', async () => {
  const up = await startUp()
  const url = `${up.url}/api/afn/tail?${new URLSearchParams({ q: '{ status = error }' })}`
  const stream = await fetch(url)
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  for (const { body } of requests(start)) await up.post('traces', body)
  let text = ''
  let stopped: Promise<number | null> | undefined
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.split('data: ').length > 4) stopped ??= up.stop()
  }
  expect(await stopped).toBe(0)
  const events = text.split('\n').flatMap(line => (line.startsWith('data: ') ? JSON.parse(line.slice(6)) : []))
  expect(events.map(({ rootTraceName }) => rootTraceName).sort()).toEqual([
    'GET /health',
    'POST /chat',
    'POST /chat',
    'POST /chat',
  ])
  expect(events[0].afn).toMatchObject({ spans: expect.any(Number) })
})

it('up keeps each trace as long as its tier, by the clock of --as-of', async () => {
  const folder = upFolder()
  const day = 86_400_000
  const tracesAfter = async (days: number) => {
    const asOf = new Date(Date.now() + days * day).toISOString()
    const up = await startUp(['--data', 'data', '--as-of', asOf], { folder })
    if (days === 0) for (const { body } of requests(start)) await up.post('traces', body)
    const { traces } = JSON.parse((await up.command(['stats', '--json'])).stdout)
    await up.stop()
    return traces
  }
  const left = []
  for (const days of [0, 2, 4, 31, 91]) left.push(await tracesAfter(days))
  // of twelve six are in detailed alone, and three in errors
  expect(left).toEqual([12, 12, 6, 3, 0])
})

it('a command says where it looked when nobody is there', async () => {
  const folder = upFolder()
  const up = await startUp(['--memory'], { folder })
  await up.stop()
  for (const args of [['traces'], ['trace', 'abc'], ['tail'], ['stats'], ['export', '--parquet', 'x']]) {
    expect(await up.command(args)).toMatchObject({
      code: 1,
      stderr: `afn-otel ${args[0]}: afn-otel up does not answer at ${up.url} (ECONNREFUSED); start it there, or set --url URL (or AFN_LOCAL_URL)\n`,
    })
  }
})

it('up --redact masks what comes, and changes no type', async () => {
  const up = await startUp(['--memory', '--redact'])
  const attributes = [
    attribute('mail', { stringValue: 'write to jane@corp.example' }),
    attribute('password', { stringValue: 'hunter22' }),
    attribute('count', { intValue: '9007199254740993' }),
    attribute('whole', { doubleValue: 1 }),
    attribute('list', { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'bob@corp.example' }] } }),
    attribute('map', { kvlistValue: { values: [attribute('to', { stringValue: 'eve@corp.example' })] } }),
  ]
  const span = {
    traceId: '0000000000000000000000000000beef',
    spanId: '0000000000000001',
    name: 'ask jane@corp.example',
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start}000000`,
    status: { code: 2, message: 'no mailbox jane@corp.example' },
    attributes,
  }
  await up.post('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  const answer = await (await fetch(`${up.url}/api/v2/traces/beef`)).text()
  expect(answer).not.toMatch(/corp\.example|hunter22/)
  const [stored] = JSON.parse(answer).trace.resourceSpans[0].scopeSpans[0].spans
  expect(stored).toMatchObject({ name: 'ask [EMAIL]', status: { message: 'no mailbox [EMAIL]' } })
  const values = Object.fromEntries(
    stored.attributes.map(({ key, value }: { key: string; value: object }) => [key, value]),
  )
  expect(values).toEqual({
    mail: { stringValue: 'write to [EMAIL]' },
    password: { stringValue: '[REDACTED]' },
    count: { intValue: '9007199254740993' },
    whole: { doubleValue: 1 },
    list: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: '[EMAIL]' }] } },
    map: { kvlistValue: { values: [attribute('to', { stringValue: '[EMAIL]' })] } },
  })
  await up.stop()
})

it('up --prometheus says that no Prometheus is installed, and goes on', async () => {
  const up = await startUp(['--memory', '--prometheus'], { env: { AFN_PROMETHEUS: '/nowhere/prometheus' } })
  expect(up.stderr()).toMatch(/^afn-otel up: no Prometheus \(.*AFN_PROMETHEUS; metrics are stored all the same\n$/)
  expect((await fetch(`${up.url}/ready`)).status).toBe(200)
  await up.stop()
})

it('--prometheus has rules whose links lead to the receiver and the Grafana of pipeline.urls', async () => {
  const folder = upFolder()
  writeFileSync(
    path.join(folder, 'afn-otel.config.yaml'),
    'pipeline: { urls: { receiver: https://alerts.example/base/, grafana: https://grafana.example/ } }\n',
  )
  // the rules are written before it is started
  const env = { PROMETHEUS_BIN: '/nowhere/prometheus' }
  const up = await startUp(['--data', 'data', '--prometheus'], { folder, env })
  await up.stop()
  const rules = path.join(folder, 'data/rules')
  const annotations: Record<string, string>[] = readdirSync(rules)
    .flatMap(file => parse(readFileSync(path.join(rules, file), 'utf8')).groups)
    .flatMap(({ rules }) => rules)
    .flatMap(({ annotations }) => annotations ?? [])
  expect(annotations.length).toBeGreaterThan(10)
  const hosts = annotations.flatMap(texts =>
    Object.values(texts).flatMap(text => text.match(/https?:\/\/[^/\s]+\/[^/\s]+/g) ?? []),
  )
  expect([...new Set(hosts)].filter(place => !place.startsWith('https://grafana.example/'))).toEqual([
    'https://alerts.example/base',
  ])
  expect(hosts.some(place => place.startsWith('https://grafana.example/'))).toBe(true)
})
