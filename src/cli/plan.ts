// `afn-otel plan size`: from a load to replicas, CPU, memory, disk, bucket and what they cost.
import { parseArgs } from 'node:util'
import { planOf } from '../pipeline/deployment/plan'
import { coefficients, prices } from '../pipeline/sizing/coefficients'
import { costOf, type Load, type Prices, type SizedComponent, size, sizeOfUp } from '../pipeline/sizing/size'
import { table } from '../shared/queries/table'
import { helpOption, print } from './help'
import { folded, type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'
import { json } from './terminal'

const number = (fallback: string, argument: string, help: string) =>
  ({ type: 'string', default: fallback, argument, help }) as const

export const sizeOptions = {
  spans: { type: 'string', argument: 'N', help: 'spans per second of all apps' },
  'span-bytes': number('700', 'BYTES', 'size of a span without prompts and answers'),
  'prompt-bytes': number('0', 'BYTES', 'size of prompts and answers of an LLM call; 0: content is not recorded'),
  calls: number('0.1', 'SHARE', 'share of spans that are LLM calls'),
  sampled: number('0.1', 'SHARE', 'share of traces kept in sampled, including those with errors'),
  errors: number('0.02', 'SHARE', 'share of traces with errors'),
  foreign: {
    type: 'boolean',
    default: false,
    help: 'the apps do not use this package, so the Collector redacts',
  },
  series: number('10000', 'N', 'active metric series'),
  interval: number('60', 'SECONDS', 'interval between two samples of a series'),
  logs: number('0', 'N', 'log records per second'),
  'log-bytes': number('500', 'BYTES', 'size of a log record'),
  'log-shares': number(
    'info=0.9,warn=0.08,error=0.02',
    'LIST',
    'share of log records by class: debug, info, warn, error, audit',
  ),
  langfuse: number('0', 'SHARE', 'share of spans sent to LangFuse; 0: no LangFuse'),
  utilisation: number('0.6', 'SHARE', 'share of CPU and memory in use at this load; the rest is for peaks'),
  'collector-cores': number('2', 'N', 'cores per Collector'),
  'decision-wait': number('120', 'SECONDS', 'AFN_DECISION_WAIT'),
  outage: number('3600', 'SECONDS', 'outage of a store that the queues on disk must cover'),
  'price-cpu': number(`${prices.cpuHour.value}`, 'USD', `per core and hour: ${prices.cpuHour.source}`),
  'price-memory': number(`${prices.memoryHour.value}`, 'USD', `per GiB and hour: ${prices.memoryHour.source}`),
  'price-disk': number(`${prices.diskMonth.value}`, 'USD', `per GB and month: ${prices.diskMonth.source}`),
  'price-bucket': number(`${prices.bucketMonth.value}`, 'USD', `per GB and month: ${prices.bucketMonth.source}`),
  sources: { type: 'boolean', default: false, help: 'shows the source of each coefficient' },
  json: {
    type: 'boolean',
    default: false,
    help: 'prints JSON: cores, bytes, USD per month, coefficients with sources',
  },
} as const satisfies Options

const sizeHelp = `Usage: afn-otel plan size --spans N [OPTIONS]

Estimates the resources that agents, gateways, Tempo, Prometheus, Loki, LangFuse and up need for a load, and their monthly cost.
Uses the retention in afn-otel.config.yaml. Each coefficient comes from our benchmarks or a cited page; see --sources.

${optionLines(sizeOptions)}

Exit codes: 0 done; 2 usage error.`

export const subcommands: Subcommands = {
  size: {
    usage: 'size --spans N [--prompt-bytes N] [--json]',
    help: 'estimates replicas, CPU, memory, disk, bucket and cost for a load',
    run: async args => planSize(args),
    options: sizeOptions,
  },
}

const help = `Usage: afn-otel plan COMMAND

${subcommandLines(subcommands)}

For details, run: afn-otel plan COMMAND --help

Exit codes: 0 done; 2 usage error.`

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
    const priced = (part: SizedComponent) => ({ ...part, usd: costOf(part, prices) })
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
      folded(`up does not support this many spans; the maximum measured is ${coefficients.upMost.value} per second`),
    )
  for (const { name, note } of [...parts, ...(up ? [up] : [])]) if (note) console.log(folded(`${name}: ${note}`))
  for (const line of unknown) console.log(folded(`not included: ${line}`))
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
  'how well Tempo, Loki and ClickHouse compress your data: disk and bucket sizes are upper bounds',
  'your query load: queriers and Prometheus are sized for a typical one',
  'traffic between zones, bucket requests, backups, and fees of managed services',
  'the baseline of idle processes: small loads need more than shown above',
  'LangFuse resources beyond its minimum, for many spans',
  'other CPUs than in our benchmarks; a core of a busy host may deliver half as much',
]

function total(parts: readonly SizedComponent[]): SizedComponent {
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

function row(part: SizedComponent, prices: Prices): string[] {
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
  const amount = (name: keyof Values) => read(name, value => value >= 0, 'a number of 0 or more')
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
  if (load.errors > load.sampled) problems.push('--errors is larger than --sampled, which includes it; raise --sampled')
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
