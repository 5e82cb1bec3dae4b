// A real Prometheus forgets a person that somebody had put into labels. Data comes as blocks, made by promtool, and through OTLP into the
// head. Skipped where there is no Prometheus.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { prometheusStore } from '../../src/operations/gdpr/stores/prometheus'
import { identityOf, parseSubject } from '../../src/operations/gdpr/subject'
import { startIn } from './start'

const binary = inject('prometheusBinary')
const promtool = inject('promtool')
const backend = (url: string) => ({ name: 'Prometheus', url, setBy: '--prometheus' }) as const
const signal = new AbortController().signal
const target = { identity: identityOf(parseSubject(['user-0007', 'u7@example.com']), []), traceIds: [] }
const users = Array.from({ length: 20 }, (_, user) => user)
const id = (user: number) => `user-${String(user).padStart(4, '0')}`

describe.skipIf(!binary || !promtool)('Prometheus', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-prometheus-'))
  let prometheus: Awaited<ReturnType<typeof startIn>>
  const store = () => prometheusStore('prometheus', backend(prometheus.url), 15, Date.now)
  const data = path.join(folder, 'data')
  /** What is in the blocks, as Prometheus' own tool reads them. */
  const inBlocks = () =>
    execFileSync(promtool!, ['tsdb', 'dump', '--sandbox-dir-root', tmpdir(), data], { encoding: 'utf8' })
  const filesWith = (word: string) =>
    spawnSync('grep', ['-rla', word, data], { encoding: 'utf8' })
      .stdout.split('\n')
      .flatMap(file => (file ? path.basename(file) : []))
  const sums = async () => {
    const query = 'sum by (user_id, mail) (last_over_time({__name__=~"calls|sent_total"}[30d]))'
    const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`)
    const { data } = (await answer.json()) as { data: { result: { metric: object; value: [number, string] }[] } }
    return data.result.map(({ metric, value }) => `${JSON.stringify(metric)} ${value[1]}`).sort()
  }

  beforeAll(async () => {
    const old = Math.floor(Date.now() / 1_000) - 10 * 86_400
    const lines = users.flatMap(user => [
      `calls{user_id="${id(user)}"} ${user} ${old}`,
      `calls{mail="write to u${user}@example.com"} ${user} ${old}`,
    ])
    const text = path.join(mkdtempSync(path.join(tmpdir(), 'afn-gdpr-text-')), 'metrics.txt')
    writeFileSync(text, `# TYPE calls gauge\n${lines.join('\n')}\n# EOF\n`)
    execFileSync(promtool!, ['tsdb', 'create-blocks-from', 'openmetrics', text, data], { stdio: 'ignore' })
    prometheus = await startIn(folder, binary!, {}, ['--web.enable-admin-api', '--web.enable-otlp-receiver'])
    const time = String(BigInt(Date.now()) * 1_000_000n)
    const dataPoints = users.map(user => ({
      timeUnixNano: time,
      startTimeUnixNano: time,
      asDouble: user,
      attributes: [{ key: 'user.id', value: { stringValue: id(user) } }],
    }))
    const metrics = [{ name: 'sent', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }]
    const answer = await fetch(`${prometheus.url}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    })
    expect(await answer.text()).toBe('')
  }, 60_000)
  afterAll(() => prometheus?.stop())

  it('loses the series of the person from blocks and head, and those of nobody else', async () => {
    const before = await sums()
    expect(before).toHaveLength(40)
    expect(inBlocks()).toMatch(/user-0007/)
    expect((await store().find(target, signal)).records).toBe(3)
    await store().erase(target, signal)
    expect(await store().verify(target, signal)).toBe(0)
    expect(await sums()).toEqual(before.filter(line => !/user-0007|u7@/.test(line)))
    expect(inBlocks()).not.toMatch(/user-0007|u7@/)
    expect(inBlocks()).toMatch(/user-0008/)
    // what is left on the disk is what the receipt says: the log, and symbols of an index
    const left = filesWith('user-0007')
    expect(left.every(name => name === 'index' || /^\d{8}$/.test(name))).toBe(true)
    const words = store()
      .unerasable(Date.now())
      .map(({ what }) => what)
      .join()
    if (left.includes('index')) expect(words).toContain('label strings in the index')
    if (left.some(name => name !== 'index')) expect(words).toContain('the write-ahead log')
    await store().erase(target, signal)
    expect(await store().verify(target, signal)).toBe(0)
  })
})

it.skipIf(!binary)(
  'a Prometheus without its admin API is an error that says so',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-prometheus-'))
    const { url, stop } = await startIn(folder, binary!, {}, ['--web.enable-otlp-receiver'])
    try {
      const time = String(BigInt(Date.now()) * 1_000_000n)
      const dataPoints = [
        { timeUnixNano: time, asDouble: 1, attributes: [{ key: 'user.id', value: { stringValue: id(7) } }] },
      ]
      await fetch(`${url}/api/v1/otlp/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints } }] }] }],
        }),
      })
      await expect(prometheusStore('prometheus', backend(url), 15, Date.now).erase(target, signal)).rejects.toThrow(
        '--web.enable-admin-api',
      )
    } finally {
      await stop()
    }
  },
  60_000,
)
