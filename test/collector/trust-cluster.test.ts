// The mark of redacted spans on its way through an agent to a gateway, both as they are generated for a cluster.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { RULE_SET } from '../../src/app/sdk/rule-set'
import { filesOverlay } from '../../src/pipeline/deployment/files'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { freePorts } from '../support/ports'
import { outcomeIn, request } from './marks'
import { describeCollector, linesOf, type Running, scratchFolder, startCollector, until } from './support'

const plan = planOf('cluster')
const current = 'c'.repeat(32)
const token = 'the-token-of-the-agents'

interface Config {
  service: { pipelines: Record<string, object> }
}

describeCollector('an agent and a gateway', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  const running: Running[] = []
  let appToken: string

  /** The generated file of the profile, its port for agents another one. */
  function generated(name: string, port: number): Config {
    const { content } = generateFiles(plan).find(file => file.path === name)!
    return parse(content.replaceAll('4320', String(port)))
  }
  async function start(name: string, config: object, settings: Record<string, string>): Promise<Running> {
    const file = path.join(folder, `${name}.yaml`)
    writeFileSync(file, JSON.stringify(config))
    const collector = await startCollector(path.join(folder, name), ['--config', file], settings)
    running.push(collector)
    return collector
  }
  /** Laid over as the Collector does it: maps are merged, lists replaced. */
  function withFiles(config: Config): object {
    const { exporters, service } = filesOverlay(plan) as unknown as Config & { exporters: object }
    const pipelines = Object.entries(config.service.pipelines)
    const ended = pipelines.map(([name, pipeline]) => [name, { ...pipeline, ...service.pipelines[name] }])
    return { ...config, exporters, service: { ...config.service, ...service, pipelines: Object.fromEntries(ended) } }
  }

  beforeAll(async () => {
    const [port] = (await freePorts(1)) as [number]
    const gateway = await start('gateway', withFiles(generated('otel-collector.yaml', port)), {
      AFN_OTLP_TRUSTED_GRPC: `127.0.0.1:${port}`,
      AFN_GATEWAY_TOKEN: token,
      AFN_FILES_DIR: files,
    })
    const agent = await start('agent', generated('otel-collector-agent.yaml', port), {
      AFN_GATEWAY: '127.0.0.1',
      AFN_GATEWAY_TOKEN: token,
    })
    appToken = readFileSync(path.join(folder, 'agent/cache/ingest.token'), 'utf8')
    const stranger = await start('stranger', generated('otel-collector-agent.yaml', port), {
      AFN_GATEWAY: '127.0.0.1',
      AFN_GATEWAY_TOKEN: appToken,
    })
    const marked = (service: string) => request(service, current, RULE_SET)
    expect(await agent.send('traces', marked('of an app'), appToken)).toBe(200)
    expect(await agent.send('traces', request('of other rules', current, '000000000000'), appToken)).toBe(200)
    expect(await agent.send('traces', marked('forged at the agent'))).toBe(200)
    expect(await agent.send('traces', marked('with a wrong token'), 'wrong')).toBe(401)
    expect(await gateway.send('traces', marked('forged at the gateway'))).toBe(200)
    const ownToken = readFileSync(path.join(folder, 'stranger/cache/ingest.token'), 'utf8')
    expect(await stranger.send('traces', marked('of a stranger'), ownToken)).toBe(200)
    await until('the gateway to refuse the stranger', () => stranger.own('otelcol_exporter_send_failed_spans'))
    await until('all spans', () => linesOf(files, 'detailed').join('').split(current).length > 4)
  })
  afterAll(async () => {
    await Promise.all(running.map(collector => collector.stop('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  })

  it('believe the mark of who has the token of the apps', () => {
    expect(outcomeIn(files, 'of an app')).toEqual({ isLeaked: true, rules: RULE_SET })
    expect(outcomeIn(files, 'of other rules')).toEqual({ isLeaked: false, rules: '000000000000' })
  })

  it.each(['agent', 'gateway'])('take it for nothing on the open listener of the %s', place => {
    expect(outcomeIn(files, `forged at the ${place}`)).toEqual({ isLeaked: false, rules: undefined })
  })

  it('take nothing from an agent that has the token of the apps alone', () => {
    expect(linesOf(files, 'detailed').join('')).not.toContain('of a stranger')
  })
})
