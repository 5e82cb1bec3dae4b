// `afn-otel plan size`: from a load to replicas, CPU, memory, disk, bucket and what they cost.
import { parseArgs } from 'node:util'
import { planOf } from '../pipeline/plan'
import { table } from '../queries/table'
import { coefficients, prices } from '../sizing/coefficients'
import { costOf, type Load, type Part, type Prices, size, sizeOfUp } from '../sizing/size'
import { helpOption, print } from './help'
import { folded, type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'
import { json } from './terminal'

const number = (fallback: string, argument: string, help: string) =>
  ({ type: 'string', default: fallback, argument, help }) as const

export const sizeOptions = {
  spans: { type: 'string', argument: 'N', help: 'spans a second, of all apps together' },
  'span-bytes': number('700', 'BYTES', 'of a span without prompts and answers'),
  'prompt-bytes': number('0', 'BYTES', 'of prompts and answers of a call of a model; 0: content is not recorded'),
  calls: number('0.1', 'SHARE', 'of the spans that are calls of a model'),
  sampled: number('0.1', 'SHARE', 'of the traces that are kept as sampled, those with errors among them'),
  errors: number('0.02', 'SHARE', 'of the traces that have errors'),
  foreign: {
    type: 'boolean',
    default: false,
    help: 'apps do not redact by this package, so that the Collector has to',
  },
  series: number('10000', 'N', 'active series of metrics'),
  interval: number('60', 'SECONDS', 'between two samples of a series'),
  logs: number('0', 'N', 'log records a second'),
  'log-bytes': number('500', 'BYTES', 'of a log record'),
  'log-shares': number(
    'info=0.9,warn=0.08,error=0.02',
    'LIST',
    'of log records by class: debug, info, warn, error, audit',
  ),
  langfuse: number('0', 'SHARE', 'of the spans that go to LangFuse; 0: there is none'),
  utilisation: number('0.6', 'SHARE', 'of CPU and memory that may be in use at these rates: peaks have the rest'),
  'collector-cores': number('2', 'N', 'of one Collector'),
  'decision-wait': number('120', 'SECONDS', 'AFN_DECISION_WAIT'),
  outage: number('3600', 'SECONDS', 'for which queues on disk hold what comes while a store is away'),
  'price-cpu': number(`${prices.cpuHour.value}`, 'USD', `an hour of a core: ${prices.cpuHour.source}`),
  'price-memory': number(`${prices.memoryHour.value}`, 'USD', `an hour of a GiB: ${prices.memoryHour.source}`),
  'price-disk': number(`${prices.diskMonth.value}`, 'USD', `a month of a GB: ${prices.diskMonth.source}`),
  'price-bucket': number(`${prices.bucketMonth.value}`, 'USD', `a month of a GB: ${prices.bucketMonth.source}`),
  sources: { type: 'boolean', default: false, help: 'shows where each coefficient is from' },
  json: {
    type: 'boolean',
    default: false,
    help: 'for programs: cores, bytes, USD a month, coefficients with their sources',
  },
} as const satisfies Options

const sizeHelp = `Usage: afn-otel plan size --spans N [OPTIONS]

What agents, gateways, Tempo, Prometheus, Loki, LangFuse and up take for a load, and what that costs a month. Retention is that of
afn-otel.config.yaml. Each coefficient is one of our own benches or a page that is named: --sources shows them.

${optionLines(sizeOptions)}

Exit codes: 0 done; 2 the command is not right.`

export const subcommands: Subcommands = {
  size: {
    usage: 'size --spans N [--prompt-bytes N] [--json]',
    help: 'replicas, CPU, memory, disk, bucket and cost for a load',
    run: async args => planSize(args),
    options: sizeOptions,
  },
}

const help = `Usage: afn-otel plan COMMAND

${subcommandLines(subcommands)}

afn-otel plan COMMAND --help says more.

Exit codes: 0 done; 2 the command is not right.`

/** @returns the exit code, as the help of the command says */
export const plan = (args: string[]): Promise<number> => runSubcommand('plan', subcommands, help, args)

type Values = ReturnType<typeof parseArgs<{ options: typeof sizeOptions }>>['values']

function planSize(args: string[]): number {
  const { values } = parseArgs({ args, options: { ...sizeOptions, ...helpOption } })
  if (values.help) return print(sizeHelp)
  const problems: string[] = []
  const { load, prices } = readLoad(values, problems)
  if (problems.length > 0) throw new Error(problems.join('\nafn-otel plan size: '))
  const parts = size(load)
  const up = sizeOfUp(load)
  const [sum, ofUp] = [total(parts), up && costOf(up, prices)]
  if (values.json) {
    const priced = (part: Part) => ({ ...part, usd: costOf(part, prices) })
    console.log(
      json(
        { load, parts: parts.map(priced), total: priced(sum), up: up ? priced(up) : null, unknown, coefficients },
        2,
      ),
    )
    return 0
  }
  const head = ['part', 'replicas', 'cores', 'memory', 'disk', 'bucket', 'USD/month']
  for (const line of table(
    head,
    [...parts, sum, ...(up ? [up] : [])].map(part => row(part, prices)),
  ))
    console.log(line)
  console.log()
  if (ofUp === undefined)
    console.log(
      folded(`up does not take so many spans: ${coefficients.upMost.value} a second is the most that was measured`),
    )
  for (const { name, note } of [...parts, ...(up ? [up] : [])]) if (note) console.log(folded(`${name}: ${note}`))
  for (const line of unknown) console.log(folded(`not known: ${line}`))
  if (values.sources) {
    console.log()
    const rows = Object.entries(coefficients).map(([name, { value, unit, source }]) => [
      name,
      `${Number(value.toPrecision(4))}`,
      unit,
      source,
    ])
    for (const line of table(['coefficient', 'value', 'unit', 'source'], rows)) console.log(line)
  }
  return 0
}

const unknown = [
  'how well Tempo, Loki and ClickHouse compress your spans and records: disks and buckets are upper bounds',
  'what your questions cost: queriers and Prometheus are for a usual load of them',
  'traffic between zones, requests to the bucket, backups, and what a managed service asks',
  'what a process takes that has nothing to do: small loads need more than their share, which is what stands above',
  'what more than its minimum LangFuse needs for many spans',
  'CPUs other than those of our benches; a core of a busy host may be half of one',
]

function total(parts: readonly Part[]): Part {
  const sum = (key: 'replicas' | 'cpu' | 'memory' | 'disk' | 'bucket') =>
    parts.reduce((all, part) => all + part[key], 0)
  return {
    name: 'all',
    replicas: sum('replicas'),
    cpu: sum('cpu'),
    memory: sum('memory'),
    disk: sum('disk'),
    bucket: sum('bucket'),
  }
}

const units = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
] as const

function bytes(count: number): string {
  if (count === 0) return '-'
  const [size, unit] = units.find(([size]) => count >= size) ?? units[2]
  return `${Number((count / size).toPrecision(3))} ${unit}`
}

function row(part: Part, prices: Prices): string[] {
  const { name, replicas, cpu, memory, disk, bucket } = part
  return [
    name,
    `${replicas}`,
    cpu.toFixed(2),
    bytes(memory),
    bytes(disk),
    bytes(bucket),
    costOf(part, prices).toFixed(2),
  ]
}

/** All mistakes at once. */
function readLoad(values: Values, problems: string[]): { load: Load; prices: Prices } {
  const read = (name: keyof Values, check: (value: number) => boolean, what: string): number => {
    const text = String(values[name] ?? '')
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value) || !check(value)) problems.push(`--${name} takes ${what}, not "${text}"`)
    return value
  }
  const amount = (name: keyof Values) => read(name, value => value >= 0, 'a number, 0 or more')
  const positive = (name: keyof Values) => read(name, value => value > 0, 'a number above 0')
  const share = (name: keyof Values) => read(name, value => value >= 0 && value <= 1, 'a share from 0 to 1')
  const { retention } = planOf('cluster', pipelineSettings())
  const load: Load = {
    spans: positive('spans'),
    spanBytes: positive('span-bytes'),
    promptBytes: amount('prompt-bytes'),
    calls: share('calls'),
    sampled: share('sampled'),
    errors: share('errors'),
    isMarked: !values.foreign,
    series: amount('series'),
    interval: positive('interval'),
    logs: amount('logs'),
    logBytes: amount('log-bytes'),
    logShares: sharesOf(values['log-shares'] ?? '', Object.keys(retention.logs), problems),
    langfuse: share('langfuse'),
    retention,
    utilisation: read('utilisation', value => value > 0 && value <= 1, 'a share above 0, up to 1'),
    collectorCores: positive('collector-cores'),
    decisionWait: amount('decision-wait'),
    outage: amount('outage'),
  }
  if (load.errors > load.sampled) problems.push('--errors is a part of --sampled, and larger than it; raise --sampled')
  return {
    load,
    prices: {
      cpuHour: amount('price-cpu'),
      memoryHour: amount('price-memory'),
      diskMonth: amount('price-disk'),
      bucketMonth: amount('price-bucket'),
    },
  }
}

function sharesOf(text: string, classes: readonly string[], problems: string[]): Load['logShares'] {
  const pairs = text.split(',').map(pair => /^\s*(\w+)=([\d.]+)\s*$/.exec(pair))
  const entries = pairs.map(pair => [pair?.[1] ?? '', Number(pair?.[2])] as const)
  const isRight = entries.every(([name, share]) => classes.includes(name) && share >= 0)
  const sum = entries.reduce((all, [, share]) => all + share, 0)
  if (!isRight || Math.abs(sum - 1) > 0.001)
    problems.push(
      `--log-shares takes shares of ${classes.join(', ')} that add up to 1, such as info=0.9,error=0.1, not "${text}"`,
    )
  return Object.fromEntries(entries)
}
