// Subjects who objected, measured behind the real Collector: what it writes into its files is all that a store would get. The senders
// are a process with our SDK, and raw OTLP of somebody else's. Oracle: the senders' own counts.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { gdpr } from '../../src/cli/gdpr'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { run } from '../support/run'
import { describeCollector, linesOf, scratchFolder, startCollector, until } from './support'

const KEY = 'k'.repeat(32)

interface Value {
  readonly stringValue?: string
  readonly intValue?: string
}
interface Record_ {
  readonly name?: string
  readonly attributes?: readonly { readonly key: string; readonly value: Value }[]
}

describeCollector('subjects who objected', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const [list, overlay, files] = ['list.json', 'overlay.yaml', 'files'].map(name => path.join(folder, name)) as [
    string,
    string,
    string,
  ]

  /** Of all that arrived, by the attribute `n`: each record has a number of its own. */
  const arrived = (name: string, resources: string, scopes: string, records: string): string[] =>
    linesOf(files, name)
      .flatMap(line => JSON.parse(line)[resources])
      .flatMap(resource => resource[scopes])
      .flatMap(scope => scope[records] as Record_[])
      .map(({ attributes = [] }) => attributes.find(({ key }) => key === 'n')?.value.stringValue ?? '')
  const spans = () => arrived('detailed', 'resourceSpans', 'scopeSpans', 'spans')
  const logs = () => arrived('logs', 'resourceLogs', 'scopeLogs', 'logRecords')

  async function suppress(...args: string[]): Promise<void> {
    process.env.AFN_HMAC_KEY = KEY
    try {
      expect(await gdpr(['suppress', ...args, '--list', list, '--collector', overlay])).toBe(0)
    } finally {
      delete process.env.AFN_HMAC_KEY
    }
  }

  /** Two of each person, in a trace of their own; every third says who it is in another way. */
  const users = ['u-1', 'u-2', 'Bob@Example.com', '17', 'nobody']
  const ways = (user: string, n: number): { key: string; value: Value }[] => {
    if (user === 'nobody') return []
    if (user === '17') return [{ key: 'user.id', value: { intValue: '17' } }]
    return [{ key: ['user.id', 'enduser.id', 'langfuse.user.id'][n % 3]!, value: { stringValue: user } }]
  }
  function requests(round: string) {
    const made = users.flatMap((user, at) =>
      Array.from({ length: 6 }, (_, n) => ({ user, n, name: `${round} person-${at} ${n}` })),
    )
    const number = (name: string) => ({ key: 'n', value: { stringValue: name } })
    const now = BigInt(Date.now()) * 1_000_000n
    const hex = (digits: number) =>
      Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('')
    return {
      made: made.map(({ name }) => name),
      traces: {
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'theirs' } }] },
            scopeSpans: [
              {
                spans: made.map(({ user, n, name }) => ({
                  traceId: hex(32),
                  spanId: hex(16),
                  name: 'work',
                  kind: 1,
                  startTimeUnixNano: `${now}`,
                  endTimeUnixNano: `${now + 1_000_000n}`,
                  attributes: [number(name), ...ways(user, n)],
                })),
              },
            ],
          },
        ],
      },
      logs: {
        resourceLogs: made.map(({ user, n, name }) => ({
          // half of them by the resource, as a program of one user says it
          resource: { attributes: n % 2 === 0 ? ways(user, n) : [] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: `${now}`,
                  body: { stringValue: 'said' },
                  attributes: [number(name), ...(n % 2 === 0 ? [] : ways(user, n))],
                },
              ],
            },
          ],
        })),
      },
    }
  }

  it('senders without our SDK: 0 records of them from the next reading of the list on, and of the others all', async () => {
    await suppress('--subject', 'user.id=nobody-of-them')
    const collector = await startCollector(folder, ['--files', files, '--overlay', overlay], { AFN_HMAC_KEY: KEY })
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    const send = async (round: string) => {
      const { made, traces, logs } = requests(round)
      expect([await collector.send('traces', traces), await collector.send('logs', logs)]).toEqual([200, 200])
      return made
    }
    const before = await send('before')
    const count = before.length
    await until('all to arrive', () => spans().length === count && logs().length === count)
    expect(spans().sort()).toEqual([...before].sort())

    for (const subject of ['user.id=u-1', 'bob@example.com', 'user.id=17']) await suppress('--subject', subject)
    // the Collector says so when it has read its configuration again
    const reloads = () => collector.log().match(/Everything is ready/g)?.length ?? 0
    await until('the Collector to read the list', () => reloads() >= 2)
    await until('the receiver to be open again', async () => (await collector.send('logs', {}).catch(() => 0)) === 200)
    const after = await send('after')
    const left = after.filter(name => / person-[14] /.test(name))
    await until(
      'the others to arrive',
      () => spans().length >= count + left.length && logs().length >= count + left.length,
    )
    const late = (names: string[]) => names.filter(name => name.startsWith('after')).sort()
    expect(late(spans())).toEqual([...left].sort())
    expect(late(logs())).toEqual([...left].sort())
    // nothing of the comparison is left on what goes on
    expect(linesOf(files, 'detailed').join('')).not.toContain('afn.suppression')
    expect(await collector.stop()).toBe(0)
  })

  it(`an app with our SDK: 0 records from its next reading of the list on, and of the others all${isLong('suppression') ? ', at the default interval' : ''}`, async () => {
    rmSync(list, { force: true })
    rmSync(files, { recursive: true, force: true })
    await suppress('--subject', 'user.id=nobody-of-them')
    const collector = await startCollector(folder, ['--files', files], { AFN_HMAC_KEY: KEY })
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    const app = `const { trace, context, ROOT_CONTEXT } = require('@opentelemetry/api')
      const { logs } = require('@opentelemetry/api-logs')
      const { flush, status } = require('@afn/otel')
      const tracer = trace.getTracer('t'), logger = logs.getLogger('t')
      const made = { before: 0, after: 0 }
      let first = 0
      function visit(user) {
        const { handles } = status().suppression
        first ||= handles
        const phase = handles > first ? 'after' : 'before'
        if (user === 0) made[phase]++
        const root = tracer.startSpan('visit', { attributes: { 'user.id': 'u-' + user } }, ROOT_CONTEXT)
        context.with(trace.setSpan(ROOT_CONTEXT, root), () => {
          const n = phase + ' ' + user
          tracer.startSpan('child', { attributes: { n, at: String(Date.now()) } }).end()
          logger.emit({ body: 'said', attributes: { n }, context: context.active() })
        })
        root.end()
      }
      const timer = setInterval(() => {
        for (let user = 0; user < 4; user++) visit(user)
        if (made.before === 20) console.log('ready')
        if (made.after < 50) return
        clearInterval(timer)
        flush(30_000).then(() => console.log('made ' + JSON.stringify(made)))
      }, 20)`
    const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
    let listedAt = 0
    const { stdout, stderr } = await run(
      makeApp({ files: { 'app.cjs': app }, modules }),
      ['--require', '@afn/otel', 'app.cjs'],
      {
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_METRICS_EXPORTER: 'none',
          AFN_SUPPRESSION_LIST: list,
          AFN_HMAC_KEY: KEY,
          ...(!isLong('suppression') && { AFN_SUPPRESSION_INTERVAL: '200' }),
        },
        async onReady() {
          await suppress('--subject', 'user.id=u-2')
          listedAt = Date.now()
        },
      },
    )
    expect(stderr).toBe('')
    const made = JSON.parse(/^made (.*)$/m.exec(stdout)![1]!) as { before: number; after: number }
    const others = ['0', '1', '3'].flatMap(user => [
      ...Array<string>(made.before).fill(`before ${user}`),
      ...Array<string>(made.after).fill(`after ${user}`),
    ])
    const ofOthers = (names: string[]) => names.filter(name => /^(?:before|after) [013]$/.test(name)).sort()
    await until(
      'the others to arrive',
      () => ofOthers(spans()).length >= others.length && ofOthers(logs()).length >= others.length,
    )
    expect(ofOthers(spans())).toEqual([...others].sort())
    expect(ofOthers(logs())).toEqual([...others].sort())
    expect([...spans(), ...logs()].filter(name => name === 'after 2')).toEqual([])
    const last = linesOf(files, 'detailed')
      .flatMap(line => [...line.matchAll(/"before 2"\}\},\{"key":"at","value":\{"stringValue":"(\d+)"/g)])
      .reduce((latest, [, at]) => Math.max(latest, Number(at)), 0)
    console.log(
      last === 0
        ? 'no span of the person arrived: what was made before the command still waited'
        : `the last span of the person that arrived was made ${last - listedAt} ms after the command had ended`,
    )
    expect(await collector.stop()).toBe(0)
  })
})
