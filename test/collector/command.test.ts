import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, inject, it, onTestFinished } from 'vitest'
import { startReceiver } from '../support/receiver'
import { describeCollector, environment, scratchFolder, startCollector, until } from './support'

describeCollector('afn-otel collector', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const command = (...args: string[]) => {
    const options = { env: environment(folder), encoding: 'utf8' as const }
    return spawnSync(process.execPath, [inject('collectorCommand'), ...args], options)
  }
  const broken = path.join(folder, 'broken.yaml')
  writeFileSync(broken, 'receivers: {otlp: {}}\nexporters: {nosuchthing: {}}\nservice: {pipelines: {}}\n')

  it('validate accepts our configuration, with no key and no store around', () => {
    const { status, stdout, stderr } = command('validate')
    expect(stdout, stderr).toMatch(/^ok .*otel-collector\.yaml\n$/)
    expect(status).toBe(0)
  })

  it('validate passes on why the Collector refuses another one', () => {
    const { status, stdout, stderr } = command('validate', '--config', broken)
    expect(stderr).toContain('nosuchthing')
    expect(stdout).toBe('')
    expect(status).toBe(1)
  })

  it('run passes on the exit code', () => {
    expect(command('run', '--config', broken).status).toBe(1)
  })

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('run ends cleanly on %s', async signal => {
    const collector = await startCollector(folder, ['--files', path.join(folder, signal)])
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    expect(await collector.stop(signal)).toBe(0)
    expect(collector.log()).toContain('Shutdown complete')
  })

  it('run makes a key that only its owner reads, says where, and takes it again', async () => {
    const cache = path.join(folder, 'fresh')
    const start = () => startCollector(folder, ['--files', path.join(folder, 'key')], { AFN_CACHE_DIR: cache })
    const first = await start()
    await first.stop()
    const file = path.join(cache, 'hmac.key')
    expect(first.log()).toContain(`AFN_HMAC_KEY is not set; created a key in ${file}`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const key = readFileSync(file, 'utf8')
    expect(first.log()).not.toContain(key)
    const second = await start()
    await second.stop()
    expect(second.log()).toContain(`using the key in ${file}`)
    expect(readFileSync(file, 'utf8')).toBe(key)
  })

  it('run keeps nothing for a LangFuse that nobody named, and says that it sends none', async () => {
    const queues = async (settings: Record<string, string>) => {
      const collector = await startCollector(path.join(folder, 'legs'), [], settings)
      onTestFinished(async () => void (await collector.stop('SIGKILL')))
      const text = await (await fetch(`http://127.0.0.1:${collector.places.AFN_SELF_METRICS_PORT}/metrics`)).text()
      await collector.stop()
      return {
        hasQueue: text.includes('exporter="otlp_http/langfuse"'),
        says: collector.log().includes('AFN_LANGFUSE='),
      }
    }
    expect(await queues({})).toEqual({ hasQueue: false, says: false })
    expect(await queues({ AFN_LANGFUSE: 'http://127.0.0.1:9' })).toEqual({ hasQueue: true, says: true })
  })

  it('run gives redacted traces, metrics and logs to one more backend by AFN_VENDOR_OTLP, with its headers', async () => {
    const vendor = await startReceiver()
    onTestFinished(() => vendor.close())
    const collector = await startCollector(path.join(folder, 'vendor'), [], {
      AFN_VENDOR_OTLP: vendor.url,
      AFN_VENDOR_HEADERS: 'x-team=a%20secret%24{HOME}',
      AFN_TEMPO: '127.0.0.1:1',
    })
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    const now = String(BigInt(Date.now()) * 1_000_000n)
    const mail = { key: 'note', value: { stringValue: 'write to ada@example.com' } }
    const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'work', kind: 1, startTimeUnixNano: now, endTimeUnixNano: now, attributes: [mail] } // biome-ignore format: one line
    const point = { asInt: '3', startTimeUnixNano: now, timeUnixNano: now }
    const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] }
    const log = { timeUnixNano: now, severityNumber: 9, body: { stringValue: 'mail ada@example.com' } }
    expect(await collector.send('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).toBe(200)
    expect(await collector.send('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'jobs', sum }] }] }] })).toBe(200) // biome-ignore format: one line
    expect(await collector.send('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] })).toBe(200)
    await until('all three', () => vendor.spans().length > 0 && vendor.metrics().length > 0 && vendor.logs().length > 0)
    expect(vendor.spans().map(({ name }) => name)).toEqual(['work'])
    expect(vendor.spans()[0]!.attributes.note).toMatch(/^write to (?!ada@)\S+$/)
    expect(JSON.stringify(vendor.logs()[0]!.body)).not.toContain('ada@')
    expect(vendor.requests.map(({ headers }) => headers['x-team'])).toEqual(
      vendor.requests.map(() => `a secret$${'{HOME}'}`),
    )
    expect(readFileSync(path.join(folder, 'vendor/cache/otel-collector-vendor.yaml'), 'utf8')).not.toContain('secret')
    expect(collector.log()).toContain(`also sends traces, metrics, logs to ${vendor.url}`)
  })

  it.each([
    [{ AFN_VENDOR_OTLP: 'honeycomb' }, 'is not an http(s) URL'],
    [{ AFN_VENDOR_OTLP: 'http://127.0.0.1:1', AFN_VENDOR_SIGNALS: 'spans' }, 'AFN_VENDOR_SIGNALS takes'],
    [{ AFN_VENDOR_OTLP: 'http://127.0.0.1:1', AFN_VENDOR_HEADERS: 'nothing' }, 'AFN_VENDOR_HEADERS'],
  ])('run says which variable of the vendor is wrong: %j', (variables, said) => {
    const env = { ...environment(folder), ...variables }
    const { status, stderr } = spawnSync(process.execPath, [inject('collectorCommand'), 'run'], {
      env,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([1, expect.stringContaining(said)])
  })
})
