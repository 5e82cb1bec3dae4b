import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { freePorts } from '../support/ports'
import { Random } from '../support/random'
import { type FakeTempo, startFakeTempo } from './fake-tempo'
import { deliver, tierOf, traces, twins, withoutTwins } from './load'
import { type Running, scratchFolder, startCollector, until } from './support'

// The name of the gateways is resolved by a hosts file that only the agent sees, which needs a namespace of Linux.
const ownHosts = ['--user', '--map-root-user', '--mount', 'sh', '-c']
const canResolve = spawnSync('unshare', [...ownHosts, 'mount --bind /dev/null /etc/hosts']).status === 0
if (!canResolve) writeSync(1, 'skipped: two gateways: unshare can give a process no hosts file of its own\n')

const token = 'the-token-of-the-agents'
const addresses = ['127.0.0.2', '127.0.0.3'] as const

describe.skipIf(inject('collectorBinary') === undefined || !canResolve)('two gateways behind an agent', () => {
  const folder = scratchFolder()
  const random = new Random(2)
  const hosts = path.join(folder, 'hosts')
  const resolveTo = (...gateways: string[]) =>
    writeFileSync(hosts, gateways.map(address => `${address} gateways.test\n`).join(''))
  const running: Running[] = []
  afterAll(async () => {
    await Promise.all(running.map(collector => collector.stop('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  })

  /** The generated file of the cluster profile, on another port. */
  function generated(name: string, port: number): string {
    const file = path.join(folder, name)
    const { content } = generateFiles(planOf('cluster')).find(({ path }) => path === name)!
    writeFileSync(file, content.replaceAll('4320', String(port)))
    return file
  }
  async function start(name: string, config: string, settings: Record<string, string>): Promise<Running> {
    const collector = await startCollector(path.join(folder, name), ['--config', config], settings)
    running.push(collector)
    return collector
  }

  it('share the traces, and when one is killed the other takes over: nothing that the agent took is lost', async () => {
    const [port] = (await freePorts(1)) as [number]
    const config = generated('otel-collector.yaml', port)
    const stores = [await startFakeTempo(), await startFakeTempo()] as [FakeTempo, FakeTempo]
    const gateway = (n: 0 | 1) =>
      start(`gateway-${n}`, config, {
        AFN_OTLP_TRUSTED_GRPC: `${addresses[n]}:${port}`,
        AFN_GATEWAY_TOKEN: token,
        AFN_TEMPO: stores[n].address,
        AFN_DECISION_WAIT: '5s',
        AFN_AFTER_ROOT: '5s',
      })
    const gateways = [await gateway(0), await gateway(1)]

    resolveTo(...addresses)
    const withHosts = path.join(folder, 'collector-with-hosts')
    const script = `unshare ${ownHosts.join(' ')} 'mount --bind "$0" /etc/hosts && exec "$@"' '${hosts}'`
    writeFileSync(withHosts, `#!/bin/sh\nexec ${script} '${inject('collectorBinary')}' "$@"\n`)
    chmodSync(withHosts, 0o755)
    const agent = await start('agent', generated('otel-collector-agent.yaml', port), {
      OTELCOL_BIN: withHosts,
      AFN_GATEWAY: 'gateways.test',
      AFN_GATEWAY_TOKEN: token,
    })

    const detailed = (n: 0 | 1) => stores[n].spans('afn-detailed')
    const together = () => {
      const all = new Map(detailed(0))
      for (const [traceId, ids] of detailed(1)) all.set(traceId, [...(all.get(traceId) ?? []), ...ids].sort())
      return all
    }
    const arrived = (sent: Map<string, string[]>) => {
      const found = together()
      return [...sent].every(([traceId, ids]) => ids.every(id => found.get(traceId)?.includes(id)))
    }

    const both = traces(random, 200)
    await deliver(both, () => agent)
    await until('the traces of both', () => arrived(tierOf(both, 'detailed'))).catch(() => {})
    // Each is whole and once, in one of the two: the maps would differ if one were in both.
    expect(together()).toEqual(tierOf(both, 'detailed'))
    expect([...detailed(0).keys()].filter(traceId => detailed(1).has(traceId))).toEqual([])
    for (const n of [0, 1] as const) expect(detailed(n).size).toBeGreaterThan(20)

    // The first one dies under load; its address is resolved for a while, as it is until a probe has failed.
    const during = traces(random, 200)
    let takenRequests = 0
    await deliver(
      during,
      () => agent,
      () => {
        takenRequests += 1
        if (takenRequests === 100) void gateways[0]!.stop('SIGKILL').then(() => resolveTo(addresses[1]))
      },
    )
    // What it had taken itself is in its own queue.
    await until('the survivor to be alone', async () => (await agent.own('otelcol_loadbalancer_num_backends')) === 1)
    await gateway(0)
    const all = [...both, ...during]
    await until('everything', () => arrived(tierOf(all, 'detailed'))).catch(() => {})
    expect(withoutTwins(together())).toEqual(tierOf(all, 'detailed'))
    // A request that is sent anew carries the survivor's spans again; nothing else is there twice.
    const sentAnew = new Set(during.flat().map(({ spanId }) => spanId))
    expect(twins(together()).filter(spanId => !sentAnew.has(spanId))).toEqual([])

    const after = traces(random, 50)
    await deliver(after, () => agent)
    // The survivor's own traces, and all from now on, are decided on as ever; no trace of the fault is there in part.
    const itsOwn = [...both.filter(([first]) => detailed(1).has(first!.traceId)), ...after]
    const whole = tierOf([...itsOwn, ...during.filter(([first]) => !detailed(0).has(first!.traceId))], 'detailed')
    for (const tier of ['sampled', 'errors'] as const) {
      const expected = tierOf(itsOwn, tier)
      const found = () => withoutTwins(stores[1].spans(`afn-${tier}`))
      await until(`the traces of ${tier}`, () => [...expected.keys()].every(id => found().has(id))).catch(() => {})
      for (const [traceId, ids] of found()) if (whole.has(traceId)) expect(ids).toEqual(whole.get(traceId))
      const ofOthers = new Set(during.map(([first]) => first!.traceId))
      expect(new Map([...found()].filter(([traceId]) => !ofOthers.has(traceId)))).toEqual(expected)
    }
    for (const store of stores) await store.away()
  })
})
