// A real Prometheus that a real app filled through the real Collector, with the rules of the SLOs: it answers the queries of the boards.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { settings } from '../../examples/demo/chat'
import { conversations } from '../../examples/demo/conversations'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { readSlos } from '../../src/monitoring/slo/read'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { type Running, scratchFolder, startCollector } from '../collector/support'
import { startIn } from '../prometheus/start'
import { deployed, makeApp, root } from '../support/packed'
import { freePorts } from '../support/ports'

export interface Filled {
  readonly url: string
  /** How often every kind of request came. */
  readonly rounds: number
  stop(): Promise<void>
}

/** As `npm run generate` has it, but that rules are evaluated each second: nobody waits for minutes. */
async function startPrometheus(binary: string, scraped: number): Promise<Omit<Filled, 'rounds'>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-boards-'))
  const config = parse(readFileSync(path.join(deployed, 'prometheus.yml'), 'utf8'))
  const command: string[] = parse(readFileSync(path.join(deployed, 'compose.yaml'), 'utf8')).services.prometheus.command
  const { slos } = readSlos(defaultSloFile())
  const { made } = ruleFiles(slos, { days: 32 })
  mkdirSync(path.join(folder, 'rules'))
  for (const { name, groups } of made.flatMap(({ files }) => files)) {
    const fast = JSON.stringify({ groups: groups.map(group => ({ ...group, interval: '1s' })) })
    // periods are counted by minutes that ended two minutes ago: here by seconds
    writeFileSync(
      path.join(folder, 'rules', name),
      fast.replaceAll('offset 2m', 'offset 2s').replaceAll('offset 3m', 'offset 3s'),
    )
  }
  const watchdog = { alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } }
  const firing = { alert: 'ShopDown', expr: 'vector(1)', labels: { severity: 'high', service: 'shop' } }
  writeFileSync(
    path.join(folder, 'rules/alerts.yml'),
    JSON.stringify({ groups: [{ name: 'alerts', interval: '1s', rules: [watchdog, firing] }] }),
  )
  const scrape = { job_name: 'otelcol', scrape_interval: '1s', static_configs: [{ targets: [`127.0.0.1:${scraped}`] }] }
  const { alerting: _, remote_write: __, ...kept } = config
  return startIn(folder, binary, { ...kept, rule_files: ['rules/*.yml'], scrape_configs: [scrape] }, command)
}

const modules = ['@opentelemetry/api', '@anthropic-ai/sdk', 'express', 'openai', 'pino']

/** The name of the demo's chat server. */
export const DEMO = 'chat-example'

export interface Pipeline {
  readonly collector: Running
  /** Of Prometheus. */
  readonly url: string
  stop(): Promise<void>
}

/** The real Collector as generated, and the Prometheus that it sends to. */
export async function startPipeline(binary: string): Promise<Pipeline> {
  const [own] = await freePorts(1)
  const prometheus = await startPrometheus(binary, own!)
  const folder = scratchFolder()
  try {
    // nobody waits for the interval of its counts: all else is as generated
    const config = readFileSync(path.join(root, 'otel-collector.yaml'), 'utf8').replaceAll(
      'interval: 15s',
      'interval: 1s',
    )
    const file = path.join(folder, 'collector.yaml')
    writeFileSync(file, config)
    const collector = await startCollector(folder, ['--config', file], {
      AFN_SELF_METRICS_PORT: String(own),
      AFN_PROMETHEUS: prometheus.url,
      AFN_PROMETHEUS_MEDIUM: 'http://127.0.0.1:9',
      AFN_PROMETHEUS_LOW: 'http://127.0.0.1:9',
      AFN_SPANMETRICS_FLUSH: '1s',
      AFN_TEMPO: '127.0.0.1:9',
    })
    const stop = async () => {
      await collector.stop('SIGKILL')
      await prometheus.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    return { collector, url: prometheus.url, stop }
  } catch (error) {
    await prometheus.stop()
    throw error
  }
}

/** @param seconds of load; every kind of request comes all the time */
export async function fill(binary: string, seconds: number): Promise<Filled> {
  const { collector, url, stop: stopPipeline } = await startPipeline(binary)
  const children: ChildProcess[] = []
  const stop = async () => {
    for (const child of children) child.kill('SIGKILL')
    await stopPipeline()
  }
  try {
    const shop = await startShop(collector.url, children)
    const demo = runDemo(collector.url, children)
    let rounds = 0
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; rounds++) {
      if (rounds % 20 === 0) await codingAgents(collector)
      await Promise.all([talk(shop), pages(collector)])
    }
    await demo
    await codingAgents(collector)
    return { url, rounds, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The app, preloaded, and the providers that it asks. @param children gets the processes @returns the app's address
 * @param endpoint of OTLP
 */
export async function startShop(endpoint: string, children: ChildProcess[]): Promise<string> {
  const app = makeApp({ files: { 'shop.cjs': textOf('test/dashboards/shop.cjs') }, modules: ofThePackage })
  const env = { ...(await observed('shop', endpoint, children)), AFN_CAPTURE_CONTENT: 'redacted' }
  const [shop, url] = await start(path.join(app, 'shop.cjs'), env)
  children.push(shop)
  return url
}

/** The chat server of `npm run demo` as the demo starts it, which has the demo's conversations, one after the other. */
async function runDemo(endpoint: string, children: ChildProcess[]): Promise<void> {
  const names = ['server.cjs', 'judge.cjs']
  const files = Object.fromEntries(names.map(name => [name, textOf(`examples/chat/${name}`)]))
  const app = makeApp({ files, modules: ofThePackage })
  const [health] = await freePorts(1)
  const env = { ...(await observed(DEMO, endpoint, children)), ...settings, AFN_HEALTH_PORT: String(health) }
  const [server, port] = await start(path.join(app, 'server.cjs'), { ...env, PORT: '0' }, /"port":(\d+)/)
  children.push(server)
  for (const { provider, model, stream, message } of conversations)
    await (await post(`http://127.0.0.1:${port}/chat`, { provider, model, stream, message })).text()
}

const ofThePackage = Object.fromEntries(modules.map(name => [name, name]))
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** The environment of an app that is observed, and that asks providers of its own. */
async function observed(service: string, endpoint: string, children: ChildProcess[]): Promise<Record<string, string>> {
  const [replay, providers] = await start(path.join(root, 'examples/chat/replay.cjs'), { PORT: '0' })
  children.push(replay)
  return {
    NODE_OPTIONS: '--require @afn/otel',
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OPENAI_BASE_URL: `${providers}/v1`,
    OPENAI_API_KEY: 'sk-proj-of-nobody-00000000000000',
    ANTHROPIC_BASE_URL: providers,
    ANTHROPIC_API_KEY: 'of-nobody',
  }
}

/** @returns the process, and what the expression finds in what it prints: its address */
async function start(file: string, env: Record<string, string>, says = /(http:\S+)/): Promise<[ChildProcess, string]> {
  const child = spawn(process.execPath, [file], {
    cwd: path.dirname(file),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', code => reject(new Error(`${file} ended with ${code}`)))
    child.stdout.setEncoding('utf8').on('data', text => {
      const [, found] = says.exec(text) ?? []
      if (found) resolve(found)
    })
  })
  return [child, address]
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** Runs of coding agents, with an edit that is accepted and one that is refused. */
async function codingAgents(collector: Pick<Running, 'send'>): Promise<void> {
  const names = ['claude-code-2.1.197-parts-logs', 'claude-code-2.1.197-logs', 'qwen-code-0.15.10', 'opencode-1.18.33']
  for (const name of names) {
    const recorded = readFileSync(path.join(root, 'test/fixtures/agents', `${name}.json`), 'utf8')
    for (const text of [recorded, ...(name === names[1] ? [recorded.replaceAll('"accept"', '"reject"')] : [])])
      for (const request of JSON.parse(text)) {
        const signal = 'resourceLogs' in request ? 'logs' : 'resourceMetrics' in request ? 'metrics' : 'traces'
        await collector.send(signal, request)
      }
  }
}

/** What each panel needs to have something to show. */
export async function talk(shop: string): Promise<void> {
  const chat = (body: object) => post(`${shop}/chat`, body)
  const answers = await Promise.all([
    chat({ provider: 'openai', model: 'gpt-4o-mini', message: 'I am ada.lovelace@example.com', plan: 'pro' }),
    chat({
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      stream: true,
      message: 'My card is 4242 4242 4242 4242',
      agent: 'booker',
    }),
    // the recording of this model is a failure
    chat({ provider: 'openai', model: 'gpt-5-mini', message: 'Why?' }),
    fetch(`${shop}/health`),
    ...[401, 403, 429].map(status => fetch(`${shop}/refuse/${status}`)),
  ])
  await Promise.all(answers.map(answer => answer.arrayBuffer()))
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const flag = (key: string) => ({ key, value: { boolValue: true } })

/** What pages and the audit log send as log records, and what other SDKs and guardrails leave in spans. */
export async function pages(collector: Pick<Running, 'send'>): Promise<void> {
  const timeUnixNano = `${Date.now()}000000`
  const vital = (name: string, value: number, rating: string) => ({
    timeUnixNano,
    eventName: 'browser.web_vital',
    attributes: [
      text('browser.web_vital.name', name),
      { key: 'browser.web_vital.value', value: { doubleValue: value } },
      text('browser.web_vital.rating', rating),
    ],
  })
  const logRecords = [
    vital('lcp', 1_900, 'good'),
    vital('inp', 350, 'needs-improvement'),
    vital('fcp', 900, 'good'),
    vital('ttfb', 2_000, 'poor'),
    vital('cls', 0.02, 'good'),
    // no vital of Google's, and no rating
    vital('mine', 1, 'good'),
    vital('lcp', 1, 'super'),
    { timeUnixNano, body: { stringValue: 'user.delete' }, attributes: [flag('afn.audit')] },
    {
      timeUnixNano,
      body: { stringValue: '{}' },
      attributes: [flag('afn.audit'), { key: 'afn.audit_log.checkpoint', value: { intValue: '1' } }],
    },
  ]
  const resource = { attributes: [text('service.name', 'shop'), text('deployment.environment.name', 'test')] }
  await collector.send('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
  const id = (length: number) => Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('')
  const span = {
    traceId: id(32),
    spanId: id(16),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: timeUnixNano,
    endTimeUnixNano: timeUnixNano,
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'aws.bedrock'),
      text('gen_ai.request.model', 'nova'),
      text('note', 'ask jane.doe@example.com'),
      flag('afn.llm.guardrail.triggered'),
    ],
  }
  await collector.send('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
}
