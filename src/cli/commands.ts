// The commands of `afn-otel`: what runs each of them, and what the help and the completion of a shell say of it.
import type { Options } from './options'
import type { Subcommands } from './subcommands'

export interface Command {
  /** Its name and arguments, such as `trace ID`. */
  readonly usage: string
  readonly help: string
  /** Returns the exit code. */
  run(args: string[]): Promise<number>
  options?(): Promise<Options>
  subcommands?(): Promise<Subcommands>
}

/** By name. Each is loaded when it is needed. */
export const commands: Readonly<Record<string, Command>> = {
  config: {
    usage: 'config [--explain] | check | init',
    help: 'the settings, where each comes from; mistakes in the files that you edit, and files to begin with',
    run: async args => (await import('./config')).config(args),
    options: async () => (await import('./config')).options,
  },
  doctor: {
    usage: 'doctor [--json] [APP]',
    help: 'starts the preload beside APP and says what works and what does not',
    run: async args => (await import('./doctor')).doctor(args),
    options: async () => (await import('./doctor')).options,
  },
  redact: {
    usage: 'redact [--explain] [FILE]',
    help: 'masks personal data and secrets, FILE or stdin to stdout',
    run: async args => (await import('./redact')).redact(args),
    options: async () => (await import('./redact')).options,
  },
  generate: {
    usage: 'generate [--profile laptop|single|cluster] [--target DIR] [--check]',
    help: 'configuration of Collector and stores',
    run: async args => (await import('./generate')).generate(args),
    options: async () => (await import('./generate')).options,
  },
  apply: {
    usage: 'apply [DIR] [--dry-run]',
    help: 'brings what was edited in a generated folder to what runs',
    run: async args => (await import('./apply')).apply(args),
    options: async () => (await import('./apply')).options,
  },
  plan: {
    usage: 'plan size --spans N [--prompt-bytes N] [--json]',
    help: 'replicas, CPU, memory, disk, bucket and cost for a load',
    run: async args => (await import('./plan')).plan(args),
    subcommands: async () => (await import('./plan')).subcommands,
  },
  dashboards: {
    usage: 'dashboards check [FILE] | export [--out DIR]',
    help: 'mistakes in the Grafana boards of your own; all boards for a Grafana of your own',
    run: async args => (await import('./dashboards')).dashboards(args),
    options: async () => (await import('./dashboards')).options,
  },
  run: {
    usage: 'run APP [ARGUMENTS]',
    help: 'the app with the explorer beside it, opened on the first trace',
    run: async args => (await import('./run')).run(args),
    options: async () => (await import('./run')).options,
  },
  up: {
    usage: 'up [--port 3200] [--otlp-port 4318] [--data DIR|--memory]',
    help: 'trace explorer, Tempo API and OTLP, on this machine',
    run: async args => (await import('./up')).up(args),
    options: async () => (await import('./up')).options,
  },
  traces: {
    usage: "traces ['{ … }'] [--since 1h]",
    help: 'what up has, newest first',
    run: async args => (await import('./traces')).traces(args),
    options: async () => (await import('./traces')).options,
  },
  trace: {
    usage: 'trace ID',
    help: 'one trace as a tree, with tokens and cost',
    run: async args => (await import('./trace')).trace(args),
    options: async () => (await import('./trace')).options,
  },
  tail: {
    usage: "tail ['{ … }']",
    help: 'traces as they come in',
    run: async args => (await import('./tail')).tail(args),
    options: async () => (await import('./tail')).options,
  },
  stats: {
    usage: 'stats',
    help: 'how much up holds',
    run: async args => (await import('./stats')).stats(args),
    options: async () => (await import('./stats')).options,
  },
  export: {
    usage: 'export --parquet FILE | --to URL [--since 1h]',
    help: 'what up holds, as a file or to larger stores',
    run: async args => (await import('./export')).exportTo(args),
    options: async () => (await import('./export')).options,
  },
  mcp: {
    usage: 'mcp [--http]',
    help: 'lets an agent read what up has, by the Model Context Protocol',
    run: async args => (await import('./mcp')).mcp(args),
    options: async () => (await import('./mcp')).options,
  },
  sourcemaps: {
    usage: 'sourcemaps upload DIR | symbolicate [FILE]',
    help: 'keeps the maps of a build; shows stacks as they are in the sources',
    run: async args => (await import('./sourcemaps')).sourcemaps(args),
    options: async () => (await import('./sourcemaps')).options,
  },
  query: {
    usage: "query NAME|'{ … }'",
    help: 'asks Tempo or Prometheus; --list shows the questions that it knows',
    run: async args => (await import('./query')).query(args),
    options: async () => (await import('./query/help')).options,
  },
  pseudonym: {
    usage: 'pseudonym VALUE',
    help: 'what stands for it in the stores, by the key of the pseudonyms',
    run: async args => (await import('./pseudonym')).pseudonym(args),
    options: async () => (await import('./pseudonym')).options,
  },
  reconcile: {
    usage: 'reconcile [--since 1h] [--every 10m] [--dry-run]',
    help: 'repairs the tiers in Tempo after a crash or a late error',
    run: async args => (await import('./reconcile')).reconcile(args),
    options: async () => (await import('./reconcile')).options,
  },
  jobs: {
    usage: 'jobs FILE [--run NAME]',
    help: 'runs what has to run now and then, by a table of schedules',
    run: async args => (await import('./jobs')).jobs(args),
    options: async () => (await import('./jobs')).options,
  },
  langfuse: {
    usage: 'langfuse janitor|proxy',
    help: 'deletes old traces from LangFuse; keeps spans while it is away',
    run: async args => (await import('./langfuse')).langfuse(args),
    options: async () => (await import('./langfuse')).options,
    subcommands: async () => (await import('./langfuse')).subcommands,
  },
  certificates: {
    usage: 'certificates HOST:PORT…',
    help: 'when the certificates of servers end',
    run: async args => (await import('./certificates')).certificates(args),
    options: async () => (await import('./certificates')).options,
  },
  audit: {
    usage: 'audit init|verify|export|erase|hold|sweep|rotate',
    help: 'the audit log of @afn/otel/audit',
    run: async args => (await import('./audit')).audit(args),
    options: async () => (await import('./audit')).options,
  },
  logs: {
    usage: 'logs tail|query|check|verify|sweep',
    help: "the log files of @afn/otel/logs: as lines come, by time and word, and whether all are whole; sweeps the Collector's",
    run: async args => (await import('./logs')).logs(args),
    options: async () => (await import('./logs')).options,
  },
  prices: {
    usage: 'prices diff | update',
    help: 'the lists of prices that calls are priced by: where they differ, and the newest',
    run: async args => (await import('./prices')).prices(args),
    subcommands: async () => (await import('./prices')).subcommands,
  },
  cost: {
    usage: 'cost report|advise|budget|reconcile',
    help: 'what LLM calls cost and may cost, what would cost less, whether the invoice is right',
    run: async args => (await import('./cost')).cost(args),
    subcommands: async () => (await import('./cost')).subcommands,
  },
  slo: {
    usage: 'slo generate|check|test|report|import|export',
    help: 'rules for Prometheus of service level objectives, tests of them, what became of a month',
    run: async args => (await import('./slo')).slo(args),
    subcommands: async () => (await import('./slo')).subcommands,
  },
  gdpr: {
    usage: 'gdpr init|export|erase|resume|status|extend|verify',
    help: 'takes a person out of all stores, with a signed receipt',
    run: async args => (await import('./gdpr')).gdpr(args),
    options: async () => (await import('./gdpr')).options,
  },
  alerts: {
    usage: 'alerts check|test|silence|history|serve|ack|reload',
    help: 'alerts-config.yaml, what Alertmanager does by it, and the receiver',
    run: async args => (await import('./alerts')).alerts(args),
    subcommands: async () => (await import('./alerts')).subcommands,
  },
  cloudflare: {
    usage: 'cloudflare check|plan|apply|deploy-worker|metrics|alerts|destroy',
    help: 'a zone of Cloudflare: what watches it, what its edge has seen',
    run: async args => (await import('./cloudflare')).cloudflare(args),
    subcommands: async () => (await import('./cloudflare')).subcommands,
  },
  collector: {
    usage: 'collector build|validate|run',
    help: 'the OpenTelemetry Collector with our configuration',
    run: async args => (await import('./collector')).collector(args),
    options: async () => (await import('./collector')).options,
  },
  completion: {
    usage: 'completion bash|zsh|fish',
    help: 'a script for your shell, which then completes commands and options',
    run: async args => (await import('./completion')).completion(args),
  },
}
