// `afn-otel up`: the embedded backend, until stopped.
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { loadChunk } from '../app/chunks'
import { isLoopback } from '../backend/access-policy'
import { up as start, type Up, type UpOptions } from '../backend/up'
import { readSloFiles } from '../monitoring/slo/files'
import { answersOf } from '../operations/gdpr/stores/embedded-up'
import { embeddedConfig, embeddedFlags } from '../pipeline/deployment/embedded-prometheus'
import { type Plan, planOf } from '../pipeline/deployment/plan'
import { resolve } from '../shared/config/resolve'
import type { Settings } from '../shared/config/settings'
import { sloFiles } from '../shared/config/slo-files'
import { boardsOfUp } from './dashboards/of-up'
import { helpOption, print } from './help'
import { watchBudgets } from './local/budgets-of-up'
import { dataFolder } from './local/data-folder'
import { type Notifying, startNotifying } from './local/notify'
import { mcpServers } from './mcp/servers'
import { lineOf } from './mistakes'
import { openInBrowser } from './open-in-browser'
import { timeOf } from './option-values'
import { type Options, optionLines } from './options'
import { packageRoot } from './package-root'
import { pipelineSettings } from './pipeline-settings'
import { portOf, signalled } from './serving'
import { plainText } from './terminal'

export const options = {
  port: { type: 'string', default: '3200', help: 'port of the explorer and the API' },
  'otlp-port': { type: 'string', default: '4318', help: 'port for OTLP/HTTP' },
  'grpc-port': {
    type: 'string',
    default: '4317',
    help: 'port for OTLP/gRPC, or none; if the port is in use, up warns and runs without gRPC',
  },
  data: {
    type: 'string',
    argument: 'DIR',
    help: 'data folder',
    otherwise: 'AFN_DATA_DIR, else ~/.local/share/afn-otel',
  },
  memory: { type: 'boolean', default: false, help: 'keeps data in memory only' },
  repair: {
    type: 'boolean',
    default: false,
    help: 'recovers a damaged file into a new one, reports what was lost, and keeps the old file',
  },
  host: {
    type: 'string',
    default: '127.0.0.1',
    help: 'address to bind to; an address that other machines can reach requires a token',
  },
  'token-file': {
    type: 'string',
    argument: 'FILE',
    help: 'file whose first line is the token that each request must send',
    otherwise: 'AFN_LOCAL_TOKEN',
  },
  'allow-origin': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'URL',
    help: 'origin of a web page that may send OTLP; can be repeated',
  },
  redact: {
    type: 'boolean',
    default: false,
    help: 'masks personal data and secrets on arrival, for apps that do not use this package',
  },
  prometheus: {
    type: 'boolean',
    default: false,
    help: 'also starts Prometheus (PROMETHEUS_BIN, else from PATH) and sends it all metrics; it listens on AFN_PROMETHEUS_URL, else http://127.0.0.1:9090. It evaluates the SLO rules and provides the alerts in the explorer',
  },
  notify: {
    type: 'string',
    argument: 'FILE',
    help: 'sends firing alerts to the channels in FILE (alerts-config.yaml), with its routes, repeats and quiet hours; the data folder records what was sent',
  },
  open: {
    type: 'boolean',
    default: false,
    help: 'opens the explorer in the browser (BROWSER, else the desktop default)',
  },
  'as-of': { type: 'string', argument: 'TIME', help: 'starts the clock at this time, such as 2026-11-24T10:00:00Z' },
} as const satisfies Options

const help = `Usage: afn-otel up [OPTIONS]

Receives traces, metrics and logs over OTLP, stores them in a file for the retention of their tiers, and serves the trace
explorer and Tempo's API on one port, and at /mcp the tools of afn-otel mcp (requires npm i @modelcontextprotocol/server).
Reports firing SLO alerts, for slo.yaml in this folder or else the five built-in SLOs; with --notify it also sends them.
Requires DuckDB: npm i @duckdb/node-api. Runs until stopped.

${optionLines(options)}

Exit codes: 0 stopped by a signal; 1 failed to start; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function up(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const upOptions = optionsOf(values)
  // prompts may be in all that this process writes, a Prometheus that it starts included
  process.umask(0o077)
  let running: Up
  let notifying: Notifying | undefined
  try {
    notifying = await notifyingOf(values.notify, upOptions)
    running = await start({ ...upOptions, notify: notifying?.notify })
  } catch (error) {
    await notifying?.close()
    console.error(`afn-otel up: ${reasonOf(error as NodeJS.ErrnoException, values)}`)
    return 1
  }
  // Whoever reads the lines may end it at once.
  const end = signalled()
  const { api, receiver, grpc } = running
  console.log(`explorer  ${api.url}  (and Tempo's API)`)
  console.log(`OTLP      ${receiver.url}  (OTEL_EXPORTER_OTLP_ENDPOINT)`)
  if (grpc) console.log(`gRPC      ${grpc.url}  (the same, with OTEL_EXPORTER_OTLP_PROTOCOL=grpc)`)
  console.log(`data      ${upOptions.data ?? 'in memory, lost on exit'}`)
  if (notifying) console.log(`alerts    ${notifying.url}  (AFN_ALERTMANAGER_URL, for afn-otel alerts test and silence)`)
  if (values.open) openInBrowser(api.url, line => console.error(`afn-otel up: ${line}`))
  const endWatch = watchBudgets({
    api: api.url,
    receiver: receiver.url,
    token: upOptions.access.token,
    keptDays: upOptions.retention.traces.detailed,
    now: upOptions.now,
    say: upOptions.say,
  })
  await end
  endWatch()
  await running.close()
  await notifying?.close()
  return 0
}

function notifyingOf(file: string | undefined, { data, now, say, port }: UpOptions): Promise<Notifying | undefined> {
  if (file === undefined) return Promise.resolve(undefined)
  if (data === undefined)
    throw new Error('--notify records on disk what was sent, and --memory writes nothing; omit one of them')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  return startNotifying({ file, data, now, say, prometheus: `http://127.0.0.1:${port}` })
}

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** @throws Error when an option is not right */
export function optionsOf(values: Values, command = 'up'): UpOptions {
  const token = tokenOf(values['token-file'])
  const host = values.host ?? ''
  if (values.memory && values.data !== undefined) throw new Error('--memory writes nothing; omit --data')
  if (values.memory && values.repair) throw new Error('--memory has no file to --repair')
  if (values.data === '') throw new Error('--data needs a folder')
  if (!isLoopback(host) && token === undefined)
    throw new Error(
      `--host ${host} is reachable from other machines and requires a token: set AFN_LOCAL_TOKEN or --token-file`,
    )
  const settings = settingsOf()
  const plan = planOf('laptop', pipelineSettings())
  const say = (line: string) => console.error(`afn-otel ${command}: ${plainText(line)}`)
  return {
    port: portOf('--port', values.port),
    otlpPort: portOf('--otlp-port', values['otlp-port']),
    grpcPort: values['grpc-port'] === 'none' ? undefined : portOf('--grpc-port', values['grpc-port']),
    data: values.memory ? undefined : path.resolve(values.data ?? dataFolder()),
    repair: values.repair ?? false,
    settings,
    access: { host, token, origins: (values['allow-origin'] ?? []).map(originOf) },
    now: clockOf(values['as-of']),
    retention: plan.retention,
    policies: plan.policies,
    objectives: objectivesOf(settings),
    boards: boardsOfUp,
    subjectOf: answersOf,
    redact: values.redact ?? false,
    prometheus: values.prometheus ? prometheusOf(plan) : undefined,
    mcp: api => {
      const { sdk, make } = mcpServers(api)
      return sdk.createMcpHandler(make)
    },
    prices: () => loadChunk('prices').loadPrices(settings.prices || undefined, say),
    say,
    package: packageRoot(__dirname),
  }
}

/** @throws Error when what `up` itself reads is not allowed */
function settingsOf(): Settings {
  const { settings, problems } = resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse })
  const wrong = problems.find(({ message }) => /AFN_LOCAL_|local\./.test(message))
  if (wrong) throw new Error(wrong.message)
  return settings
}

/** What comes is of any service, so the objectives of the package are about all of them together. */
function objectivesOf(settings: Settings): UpOptions['objectives'] {
  const cwd = process.cwd()
  const { slos, mistakes } = readSloFiles(sloFiles(settings, cwd))
  const problems = mistakes.map(mistake => lineOf(path.relative(cwd, mistake.file), mistake))
  return { slos, problems }
}

const prometheusOf = (plan: Plan): UpOptions['prometheus'] => ({
  ...prometheusBinary(),
  url: process.env.AFN_PROMETHEUS_URL || 'http://127.0.0.1:9090',
  config: (days, ruleFiles) => embeddedConfig(plan, days, ruleFiles),
  flags: embeddedFlags,
  links: plan.urls,
})

/** AFN_PROMETHEUS was the binary's name, and is the address to which the Collector sends; a path in it is still taken. */
function prometheusBinary(): { binary: string; setBy?: string } {
  const { PROMETHEUS_BIN, AFN_PROMETHEUS } = process.env
  if (PROMETHEUS_BIN || !AFN_PROMETHEUS || URL.canParse(AFN_PROMETHEUS))
    return { binary: PROMETHEUS_BIN || 'prometheus' }
  return { binary: AFN_PROMETHEUS, setBy: 'PROMETHEUS_BIN, no longer in AFN_PROMETHEUS' }
}

export function tokenOf(file: string | undefined): string | undefined {
  if (file === undefined) return process.env.AFN_LOCAL_TOKEN || undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`--token-file ${file} can't be read (${(error as Error).message})`)
  }
  const [token = ''] = text.trim().split(/\s*\n/, 1)
  if (token === '') throw new Error(`--token-file ${file} is empty; its first line is the token`)
  return token
}

function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  if (/^https?:/.test(origin)) return origin
  throw new Error(`--allow-origin takes an origin such as http://localhost:3000, not "${text}"`)
}

function clockOf(asOf: string | undefined): () => number {
  if (asOf === undefined) return Date.now
  const ahead = timeOf('--as-of', asOf) - Date.now()
  return () => Date.now() + ahead
}

/** Why it could not start, and what to do. */
export function reasonOf(error: NodeJS.ErrnoException & { port?: number }, values: Values): string {
  if (error.code === 'EADDRINUSE') {
    const option = String(error.port) === values.port ? '--port' : '--otlp-port'
    return `port ${error.port} is already in use; stop the process that listens there, or choose another port with ${option}`
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${values.host} is not an address of this machine; choose another with --host`
  if (error.code === 'EACCES') return `permission denied for port ${error.port}; choose 1024 or higher`
  // DuckDB's, about the file
  const [, what] = /^(?:\w+ )+Error: (.+)/.exec(error.message) ?? []
  if (what === undefined) return error.message
  const remedy = /Permission denied|Read-only file system|No space left/.test(what)
    ? 'choose another folder with --data, or use --memory'
    : 'recover its data with --repair, move it away, or choose another folder with --data'
  return `${what.replace(/[.!]$/, '')}; ${remedy}`
}
