// Log records on their way to Loki: by the real Collector, and into a real Loki where there is one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { profiles } from '../../src/pipeline/deployment/profiles'
import { findLoki } from '../support/binaries.mjs'
import { startLoki } from '../support/loki'
import { listen } from '../support/ports'
import { describeCollector, everyConfiguration, type Running, scratchFolder, startCollector, until } from './support'

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const DAY = 86_400_000
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const nanoseconds = (ms: number) => `${Math.round(ms)}000000`

interface Part {
  readonly severityNumber?: number
  readonly audit?: boolean
  readonly timeUnixNano?: string
  readonly attributes?: ReturnType<typeof text>[]
  readonly traceId?: string
}
const record = (body: string, { audit, attributes = [], ...part }: Part = {}) => ({
  ...part,
  body: { stringValue: body },
  attributes: [...attributes, ...(audit ? [{ key: 'afn.audit', value: { boolValue: true } }] : [])],
})
const requestOf = (logRecords: object[], service = 'shop') => ({
  resourceLogs: [{ resource: { attributes: [text('service.name', service)] }, scopeLogs: [{ logRecords }] }],
})

interface Sent {
  readonly timeUnixNano: string
  readonly body: { readonly stringValue: string }
  readonly attributes?: { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

describeCollector.each(everyConfiguration)('log records for Loki, $name', ({ name, args }) => {
  const own = path.join(folder, name.replaceAll(' ', '-'))
  const received: Sent[] = []
  let isAway = false
  const loki = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      if (!isAway && request.url === '/otlp/v1/logs')
        for (const { scopeLogs } of JSON.parse(Buffer.concat(chunks).toString()).resourceLogs)
          for (const { logRecords } of scopeLogs) received.push(...logRecords)
      response.writeHead(isAway ? 503 : 204).end()
    })
  })
  let collector: Running
  const start = async () => {
    const overlay = path.join(folder, `${name.replaceAll(' ', '-')}.yaml`)
    writeFileSync(overlay, stringify({ exporters: { 'otlp_http/loki': { encoding: 'json', compression: 'none' } } }))
    const settings = { AFN_LOKI: url, AFN_QUEUE_DIR: path.join(own, 'queue'), LANGFUSE_HOST: 'http://127.0.0.1:9' }
    collector = await startCollector(folder, [...args, '--overlay', overlay], settings)
  }
  let url: string
  beforeAll(async () => {
    url = `http://127.0.0.1:${await listen(loki)}`
    await start()
  })
  afterAll(async () => {
    await collector?.stop()
    loki.close()
  })

  it('have their class as an attribute, whatever the sender wrote there', async () => {
    const forged = [text('afn.logs.class', 'audit')]
    const records = [
      record('trace', { severityNumber: 1, attributes: forged }),
      record('unspecified', { severityNumber: 0, attributes: forged }),
      record('info', { severityNumber: 12 }),
      record('warn', { severityNumber: 13, attributes: forged }),
      record('fatal', { severityNumber: 24 }),
      record('audited', { severityNumber: 5, audit: true }),
    ]
    expect(await collector.send('logs', requestOf(records))).toBe(200)
    await until('all records', () => received.length >= records.length)
    const classes = received.map(({ body, attributes = [] }) => [
      body.stringValue,
      attributes.filter(({ key }) => key === 'afn.logs.class').map(({ value }) => value.stringValue),
    ])
    expect(Object.fromEntries(classes)).toEqual({
      trace: ['debug'],
      unspecified: ['info'],
      info: ['info'],
      warn: ['warn'],
      fatal: ['error'],
      audited: ['audit'],
    })
  })

  it('that Loki would refuse for their time are of now, and all others of their own', async () => {
    received.length = 0
    const before = Date.now()
    const times = {
      none: undefined,
      'of 2554': String(2n ** 64n - 1n),
      'of 2262': String(2n ** 63n),
      'of 1970': '1',
      tomorrow: nanoseconds(before + DAY),
      'three years ago': nanoseconds(before - 3 * 365 * DAY),
      'last year': nanoseconds(before - 365 * DAY),
      'an hour ago': nanoseconds(before - DAY / 24),
    }
    const records = Object.entries(times).map(([body, timeUnixNano]) => record(body, { ...(timeUnixNano && { timeUnixNano }) })) // biome-ignore format: one line
    expect(await collector.send('logs', requestOf(records))).toBe(200)
    await until('all records', () => received.length >= records.length)
    for (const { body, timeUnixNano } of received) {
      const kept = ['last year', 'an hour ago'].includes(body.stringValue)
      const ms = Number(BigInt(timeUnixNano) / 1_000_000n)
      if (kept)
        expect([body.stringValue, timeUnixNano]).toEqual([body.stringValue, times[body.stringValue as 'last year']]) // biome-ignore format: one line
      else expect({ body, isNow: ms >= before - 1_000 && ms <= Date.now() + 1_000 }).toEqual({ body, isNow: true })
    }
  })

  it('that were answered while Loki was away come once it is back, after a kill of the Collector too', async () => {
    received.length = 0
    isAway = true
    const bodies = Array.from({ length: 200 }, (_, n) => `line ${n}`)
    for (const body of bodies) expect(await collector.send('logs', requestOf([record(body)]))).toBe(200)
    await collector.stop('SIGKILL')
    isAway = false
    await start()
    const came = () => new Set(received.map(({ body }) => body.stringValue))
    await until('what was answered', () => bodies.every(body => came().has(body)))
  })
})

const found = findLoki()

describe.skipIf('missing' in found)('a real Loki', () => {
  const binary = 'missing' in found ? '' : found.binary
  let stop: (() => Promise<void>) | undefined
  afterEach(async () => {
    await stop?.()
    stop = undefined
  })
  const post = (url: string, records: object[], service?: string) =>
    fetch(`${url}/otlp/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(records, service)),
    })
  const linesIn = async (url: string, query: string, days = 32): Promise<string[]> => {
    const parameters = new URLSearchParams({ query, start: nanoseconds(Date.now() - days * DAY), limit: '5000' })
    const { data } = (await (await fetch(`${url}/loki/api/v1/query_range?${parameters}`)).json()) as {
      data: { result: { values: [string, string][] }[] }
    }
    return data.result.flatMap(({ values }) => values.map(([, line]) => line)).sort()
  }
  const classed = (body: string, logClass: string, ms: number, more: ReturnType<typeof text>[] = []) =>
    record(body, { timeUnixNano: nanoseconds(ms), attributes: [text('afn.logs.class', logClass), ...more] })

  it.each(Object.keys(profiles) as (keyof typeof profiles)[])('takes the loki.yaml of %s', profile => {
    const at = mkdtempSync(path.join(tmpdir(), 'afn-loki-'))
    const { content } = generateFiles(planOf(profile, { logs: 'loki' })).find(file => file.path === 'loki.yaml')!
    const file = path.join(at, 'loki.yaml')
    writeFileSync(file, content)
    const { status, stderr } = spawnSync(binary, ['-verify-config', `-config.file=${file}`], { encoding: 'utf8' })
    rmSync(at, { recursive: true })
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('config is valid') })
  })

  it('finds a record by class, app and trace, takes one of half a day before, and keeps each class for its time', async () => {
    const loki = await startLoki(binary, config => {
      Object.assign(config.compactor!, { compaction_interval: '2s', retention_delete_delay: '1s' })
      Object.assign(config.ingester!, { chunk_idle_period: '1s', flush_check_period: '1s' })
      Object.assign(config.ingester!.wal!, { checkpoint_duration: '1s' })
    })
    stop = loki.stop
    const now = Date.now()
    const traceId = 'a'.repeat(32)
    expect((await post(loki.url, [classed('now', 'info', now)])).status).toBe(204)
    const earlier: [string, object][] = [
      ['shop', classed('half a day ago', 'info', now - 0.45 * DAY)],
      ['shop', classed('debug of three days', 'debug', now - 3 * DAY)],
      ['other', { ...classed('warning of three days', 'warn', now - 3 * DAY), traceId }],
      // Loki takes no record of nine days in a stream that has one of now
      ['other', classed('info of nine days', 'info', now - 9 * DAY)],
      ['shop', classed('audit of nine days', 'audit', now - 9 * DAY)],
    ]
    for (const [service, one] of earlier) {
      const response = await post(loki.url, [one], service)
      expect([response.status, await response.text()]).toEqual([204, ''])
    }
    await fetch(`${loki.url}/flush`, { method: 'POST' })
    expect(await linesIn(loki.url, `{service_name="other"} | trace_id="${traceId}"`)).toEqual(['warning of three days'])
    const all = '{service_name=~".+"}'
    const kept = ['audit of nine days', 'half a day ago', 'now', 'warning of three days']
    // its index is shipped once Loki starts again; the compactor then deletes what is too old, and the ingester's copy is
    // there until the next start
    await until('all to be stored', async () => loki.chunks().length >= earlier.length)
    const stored = loki.chunks().length
    await loki.restart()
    await until('what is too old to be deleted', async () => loki.chunks().length <= stored - 2)
    await loki.restart()
    expect(await linesIn(loki.url, all)).toEqual(kept)
    expect(await linesIn(loki.url, '{afn_logs_class="audit"}')).toEqual(['audit of nine days'])
  }, 300_000)
})
