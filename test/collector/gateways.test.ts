// Gateways that come and go under load, behind one agent: what it has taken arrives once, and is counted once.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { freePorts } from '../support/ports'
import { Random } from '../support/random'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { withoutTwins } from './load'
import { alsoToFile, sumOf } from './sums'
import { type Running, scratchFolder, startCollector, until } from './support'

// The name of the gateways is resolved by a hosts file that only the agent sees, which needs a namespace of Linux.
const ownHosts = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const canResolve = spawnSync('unshare', [...ownHosts, 'mount --bind /dev/null /etc/hosts']).status === 0
if (!canResolve)
  writeSync(1, 'skipped: gateways that come and go: unshare can give a process no hosts file of its own\n')

const token = 'the-token-of-the-agents'
const [perRound, spansOfTrace] = [30, 4]
const address = (n: number) => `127.0.0.${n + 2}`

/** How long the lost one is away: 20 for what a node takes to come back. */
const awaySeconds = Number(process.env.AFN_TEST_OUTAGE_SECONDS ?? 6)

describe.skipIf(inject('collectorBinary') === undefined || !canResolve)('gateways behind an agent', () => {
  const folder = scratchFolder()
  const random = new Random(30)
  const hosts = path.join(folder, 'hosts')
  const gateways: { folder: string; store: FakeTempo; collector?: Running }[] = []
  let agent: Running
  let port: number

  const config = (name: string): string => {
    const file = path.join(folder, name)
    const { content } = generateFiles(planOf('cluster')).find(({ path }) => path === name)!
    writeFileSync(file, content.replaceAll('4320', String(port)))
    return file
  }
  const resolveTo = (...numbers: number[]) =>
    writeFileSync(hosts, numbers.map(n => `${address(n)} gateways.test\n`).join(''))
  const start = async (n: number) => {
    const own = path.join(folder, `gateway-${n}`)
    mkdirSync(own, { recursive: true })
    gateways[n] ??= { folder: own, store: await startFakeTempo() }
    const args = ['--config', config('otel-collector.yaml'), '--overlay', alsoToFile(own)]
    gateways[n].collector = await startCollector(own, args, {
      AFN_OTLP_TRUSTED_GRPC: `${address(n)}:${port}`,
      AFN_GATEWAY_TOKEN: token,
      AFN_TEMPO: gateways[n].store.address,
      AFN_COLLECTOR_NAME: `gateway-${n}`,
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_DECISION_WAIT: '5s',
    })
  }
  const stop = (n: number, signal: NodeJS.Signals) => gateways[n]!.collector!.stop(signal)

  beforeAll(async () => {
    ;[port] = (await freePorts(1)) as [number]
    for (const n of [0, 1, 2]) await start(n)
    resolveTo(0, 1, 2)
    const withHosts = path.join(folder, 'collector-with-hosts')
    const script = `unshare ${ownHosts.join(' ')} 'mount --bind "$0" /etc/hosts && exec "$@"' '${hosts}'`
    writeFileSync(withHosts, `#!/bin/sh\nexec ${script} '${inject('collectorBinary')}' "$@"\n`)
    chmodSync(withHosts, 0o755)
    agent = await startCollector(path.join(folder, 'agent'), ['--config', config('otel-collector-agent.yaml')], {
      OTELCOL_BIN: withHosts,
      AFN_GATEWAY: 'gateways.test',
      AFN_GATEWAY_TOKEN: token,
    })
  }, 120_000)
  afterAll(async () => {
    await Promise.all([agent, ...gateways.map(({ collector }) => collector)].map(one => one?.stop('SIGKILL')))
    await Promise.all(gateways.map(({ store }) => store.away()))
    rmSync(folder, { recursive: true, force: true })
  })

  const sent: string[] = []
  /** A round of traces: each of four spans, which come in four requests, the root last; it costs 0.01. */
  async function round(): Promise<void> {
    const time = String(BigInt(Date.now()) * 1_000_000n)
    const layers = Array.from({ length: spansOfTrace }, () => [] as object[])
    for (let n = 0; n < perRound; n++) {
      const [traceId, root] = [random.hex(32), random.hex(16)]
      sent.push(traceId)
      for (const [depth, layer] of layers.entries()) {
        const isRoot = depth === spansOfTrace - 1
        const cost = [
          { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
          { key: 'afn.llm.cost.total', value: { doubleValue: 0.01 } },
        ]
        layer.push({
          traceId,
          spanId: isRoot ? root : random.hex(16),
          ...(!isRoot && { parentSpanId: root }),
          name: isRoot ? 'root' : 'child',
          kind: isRoot ? 2 : 3,
          startTimeUnixNano: time,
          endTimeUnixNano: time,
          attributes: depth === 0 ? cost : [],
        })
      }
    }
    for (const spans of layers) {
      const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
      const status = await agent.send('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
      expect(status).toBe(200)
    }
  }
  async function underLoad(change: () => Promise<unknown>): Promise<void> {
    let isDone = false
    const changed = change().finally(() => {
      isDone = true
    })
    while (!isDone) {
      await round()
      await sleep(50)
    }
    await changed
  }

  /** Span ids of all gateways, by trace id; one that came twice is there twice. */
  function arrived(): Map<string, string[]> {
    const all = new Map<string, string[]>()
    for (const { store } of gateways)
      for (const [traceId, ids] of store.spans('afn-detailed'))
        all.set(traceId, [...(all.get(traceId) ?? []), ...ids].sort())
    return all
  }
  const count = (found: Map<string, string[]>) => [...found.values()].flat().length
  const isWhole = () => count(withoutTwins(arrived())) === sent.length * spansOfTrace
  const folders = () => gateways.map(({ folder }) => folder)
  const calls = () => sumOf('afn.span.calls', folders())
  const cost = () => sumOf('afn.llm.feature.cost', folders())

  async function holds(copies: (number: number) => void): Promise<void> {
    await until('all that was taken', isWhole).catch(() => {})
    const spans = sent.length * spansOfTrace
    expect(count(withoutTwins(arrived()))).toBe(spans)
    await until('the last counts', () => calls() >= spans).catch(() => {})
    await sleep(2_000)
    // what gateways have taken, each time that they did; between them and a store an answer may be lost
    copies(calls() - spans)
  }

  it('one is restarted after the other: nothing is lost, nothing comes twice, calls and cost are exact', async () => {
    for (const n of [0, 1, 2]) {
      await underLoad(async () => {
        await sleep(300)
        resolveTo(...[0, 1, 2].filter(other => other !== n))
        await stop(n, 'SIGTERM')
        await sleep(500)
        await start(n)
        resolveTo(0, 1, 2)
        await sleep(6_000)
      })
    }
    await holds(copies => expect(copies).toBe(0))
    await until('the cost', () => cost() > sent.length / 100 - 1e-6).catch(() => {})
    expect(cost()).toBeCloseTo(sent.length / 100, 6)
  })

  it('a fourth comes, and goes: nothing is lost, nothing comes twice, calls and cost are exact', async () => {
    await underLoad(async () => {
      await start(3)
      resolveTo(0, 1, 2, 3)
      await until('four', async () => (await agent.own('otelcol_loadbalancer_num_backends')) === 4)
      await until('some for the fourth', () => gateways[3]!.store.spans('afn-detailed').size > perRound)
      resolveTo(0, 1, 2)
      // as a pod that is deleted, which has some seconds until it gets the signal: what it has taken is for no other to deliver
      const waits = () => gateways[3]!.collector!.own('otelcol_exporter_queue_size{', 'tempo-detailed')
      await until('three', async () => (await agent.own('otelcol_loadbalancer_num_backends')) === 3)
      await sleep(5_000)
      await until('its queue to be empty', async () => (await waits()) === 0)
      await stop(3, 'SIGTERM')
    })
    await holds(copies => expect(copies).toBe(0))
    await until('the cost', () => cost() > sent.length / 100 - 1e-6).catch(() => {})
    expect(cost()).toBeCloseTo(sent.length / 100, 6)
  })

  it(`a node is lost for ${awaySeconds} s: the others go on meanwhile, and twice there is what it had not answered alone`, async () => {
    let [begun, came] = [0, 0]
    await underLoad(async () => {
      await sleep(300)
      await stop(1, 'SIGKILL')
      const before = sent.length
      await sleep(awaySeconds * 1_000)
      begun = sent.length - before
      const found = arrived()
      came = sent.slice(before).filter(traceId => found.get(traceId)?.length === spansOfTrace).length
      await start(1)
    })
    // two of three have theirs
    expect(came / begun).toBeGreaterThan(0.5)
    // the agent sends ten requests at once
    await holds(copies => expect(copies).toBeLessThan(10 * perRound))
  })
})
