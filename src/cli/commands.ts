// The table of `afn-otel` commands: their entry points, and the texts for help and shell completion.
import type { Options } from './options'
import type { Subcommands } from './subcommands'

export interface Command {
  /** Its name and arguments, such as `trace ID`. */
  readonly usage: string
  readonly help: string
  /** @returns the exit code */
  run(args: string[]): Promise<number>
  options?(): Promise<Options>
  subcommands?(): Promise<Subcommands>
}

/** Commands by help heading and name. Each is loaded only when needed. */
export const groups: Readonly<Record<string, Readonly<Record<string, Command>>>> = {
  'Get started': {
    run: {
      usage: 'run APP [ARGUMENTS]',
      help: 'runs your app with the explorer and opens its first trace',
      run: async args => (await import('./run')).run(args),
      options: async () => (await import('./run')).options,
    },
    up: {
      usage: 'up [--port 3200] [--otlp-port 4318] [--data DIR|--memory]',
      help: 'runs the explorer, the Tempo API and the OTLP receivers on this machine',
      run: async args => (await import('./up')).up(args),
      options: async () => (await import('./up')).options,
    },
    replay: {
      usage: 'replay TRACE|FILE|FOLDER -- APP [ARGUMENTS]',
      help: 'runs your app again with the recorded answers of its LLM calls, and shows what it asks differently',
      run: async args => (await import('./replay')).replay(args),
      options: async () => (await import('./replay')).options,
    },
    doctor: {
      usage: 'doctor [--json] [APP]',
      help: 'checks the app, the Collector and the stores, and says how to fix what is broken',
      run: async args => (await import('./doctor')).doctor(args),
      options: async () => (await import('./doctor')).options,
    },
  },
  'Explore data': {
    traces: {
      usage: "traces ['{ … }'] [--since 1h]",
      help: 'lists stored traces, newest first',
      run: async args => (await import('./traces')).traces(args),
      options: async () => (await import('./traces')).options,
    },
    trace: {
      usage: 'trace ID',
      help: 'shows one trace as a tree, with tokens and cost',
      run: async args => (await import('./trace')).trace(args),
      options: async () => (await import('./trace')).options,
    },
    tail: {
      usage: "tail ['{ … }']",
      help: 'prints traces as they arrive',
      run: async args => (await import('./tail')).tail(args),
      options: async () => (await import('./tail')).options,
    },
    stats: {
      usage: 'stats',
      help: 'shows how much data is stored',
      run: async args => (await import('./stats')).stats(args),
      options: async () => (await import('./stats')).options,
    },
    query: {
      usage: "query NAME|'{ … }'",
      help: 'queries Tempo or Prometheus; --list shows the catalogue of queries',
      run: async args => (await import('./query')).query(args),
      options: async () => (await import('./query/help')).options,
    },
    export: {
      usage: 'export --parquet FILE | --to URL [--since 1h]',
      help: 'exports stored data to a Parquet file or another backend',
      run: async args => (await import('./export')).exportTo(args),
      options: async () => (await import('./export')).options,
    },
    mcp: {
      usage: 'mcp [--http]',
      help: 'serves stored data to AI agents over MCP',
      run: async args => (await import('./mcp')).mcp(args),
      options: async () => (await import('./mcp')).options,
    },
    sourcemaps: {
      usage: 'sourcemaps upload DIR | symbolicate [FILE]',
      help: 'stores the source maps of a build; symbolicates stack traces',
      run: async args => (await import('./sourcemaps')).sourcemaps(args),
      options: async () => (await import('./sourcemaps')).options,
    },
  },
  'Test answers': {
    dataset: {
      usage: "dataset --query '{ … }' [--format jsonl|promptfoo]",
      help: 'makes a dataset of stored LLM calls',
      run: async args => (await import('./dataset')).dataset(args),
      options: async () => (await import('./dataset')).options,
    },
    evaluate: {
      usage: 'evaluate --dataset FILE --run COMMAND | --query TRACEQL',
      help: 'says whether a version of your app answers better or worse; rates stored calls',
      run: async args => (await import('./evaluate')).evaluate(args),
      options: async () => (await import('./evaluate')).options,
    },
  },
  'Run the pipeline': {
    config: {
      usage: 'config [--explain] | check | init',
      help: 'shows the settings and where each value comes from; checks and creates the files that you edit',
      run: async args => (await import('./config')).config(args),
      options: async () => (await import('./config')).options,
    },
    generate: {
      usage: 'generate [--profile laptop|single|cluster] [--target DIR] [--check]',
      help: 'writes the configuration of the Collector, the stores and Grafana',
      run: async args => (await import('./generate')).generate(args),
      options: async () => (await import('./generate')).options,
    },
    apply: {
      usage: 'apply [DIR] [--dry-run]',
      help: 'applies changes in a generated folder to the running stack',
      run: async args => (await import('./apply')).apply(args),
      options: async () => (await import('./apply')).options,
    },
    plan: {
      usage: 'plan size --spans N [--prompt-bytes N] [--json]',
      help: 'estimates replicas, CPU, memory, disk, bucket and cost for a load',
      run: async args => (await import('./plan')).plan(args),
      subcommands: async () => (await import('./plan')).subcommands,
    },
    collector: {
      usage: 'collector build|validate|run',
      help: 'builds, validates or runs the OpenTelemetry Collector',
      run: async args => (await import('./collector')).collector(args),
      options: async () => (await import('./collector')).options,
    },
    dashboards: {
      usage: 'dashboards check [FILE] | export [--out DIR]',
      help: 'checks your own Grafana boards; exports all boards for your own Grafana',
      run: async args => (await import('./dashboards')).dashboards(args),
      options: async () => (await import('./dashboards')).options,
    },
    reconcile: {
      usage: 'reconcile [--since 1h] [--every 10m] [--dry-run]',
      help: 'repairs the tiers in Tempo after a crash or a late error',
      run: async args => (await import('./reconcile')).reconcile(args),
      options: async () => (await import('./reconcile')).options,
    },
    jobs: {
      usage: 'jobs FILE [--run NAME]',
      help: 'runs the scheduled jobs in FILE',
      run: async args => (await import('./jobs')).jobs(args),
      options: async () => (await import('./jobs')).options,
    },
    langfuse: {
      usage: 'langfuse janitor|proxy',
      help: 'deletes old traces from LangFuse; buffers spans while it is down',
      run: async args => (await import('./langfuse')).langfuse(args),
      options: async () => (await import('./langfuse')).options,
      subcommands: async () => (await import('./langfuse')).subcommands,
    },
    certificates: {
      usage: 'certificates HOST:PORT…',
      help: 'shows when TLS certificates expire',
      run: async args => (await import('./certificates')).certificates(args),
      options: async () => (await import('./certificates')).options,
    },
    cloudflare: {
      usage: 'cloudflare check|plan|apply|deploy-worker|metrics|alerts|destroy',
      help: 'sets up monitoring of a Cloudflare zone and reads its edge metrics',
      run: async args => (await import('./cloudflare')).cloudflare(args),
      subcommands: async () => (await import('./cloudflare')).subcommands,
    },
  },
  'Objectives, alerts and cost': {
    slo: {
      usage: 'slo generate|check|test|report|import|export',
      help: 'generates, tests and reports on service level objectives',
      run: async args => (await import('./slo')).slo(args),
      subcommands: async () => (await import('./slo')).subcommands,
    },
    alerts: {
      usage: 'alerts check|test|silence|history|serve|ack|reload',
      help: 'checks, tests, silences and acknowledges alerts; runs the alert receiver',
      run: async args => (await import('./alerts')).alerts(args),
      subcommands: async () => (await import('./alerts')).subcommands,
    },
    cost: {
      usage: 'cost report|advise|budget|reconcile',
      help: 'reports LLM cost, tracks budgets, suggests savings, reconciles invoices',
      run: async args => (await import('./cost')).cost(args),
      subcommands: async () => (await import('./cost')).subcommands,
    },
    prices: {
      usage: 'prices diff | update',
      help: 'compares the built-in price tables; downloads current prices',
      run: async args => (await import('./prices')).prices(args),
      subcommands: async () => (await import('./prices')).subcommands,
    },
  },
  'Privacy and logs': {
    gdpr: {
      usage: 'gdpr init|export|erase|resume|status|extend|verify',
      help: "exports or erases one person's data in all stores, with a signed receipt",
      run: async args => (await import('./gdpr')).gdpr(args),
      options: async () => (await import('./gdpr')).options,
    },
    redact: {
      usage: 'redact [--explain] [FILE]',
      help: 'masks personal data and secrets in FILE or stdin',
      run: async args => (await import('./redact')).redact(args),
      options: async () => (await import('./redact')).options,
    },
    pseudonym: {
      usage: 'pseudonym VALUE',
      help: 'prints the pseudonym that replaces VALUE in the stores',
      run: async args => (await import('./pseudonym')).pseudonym(args),
      options: async () => (await import('./pseudonym')).options,
    },
    audit: {
      usage: 'audit init|verify|export|erase|hold|sweep|rotate',
      help: 'manages the audit log of @afn/otel/audit',
      run: async args => (await import('./audit')).audit(args),
      options: async () => (await import('./audit')).options,
    },
    logs: {
      usage: 'logs tail|query|check|verify|sweep',
      help: "follows, searches and verifies the log files of @afn/otel/logs; deletes old records from the Collector's log files",
      run: async args => (await import('./logs')).logs(args),
      options: async () => (await import('./logs')).options,
    },
  },
  Shell: {
    completion: {
      usage: 'completion bash|zsh|fish',
      help: 'prints a completion script for your shell',
      run: async args => (await import('./completion')).completion(args),
    },
  },
}

/** By name. */
export const commands: Readonly<Record<string, Command>> = Object.assign({}, ...Object.values(groups))
