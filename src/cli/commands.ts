// Every command of `afn-otel`, by name. A command is loaded when it is run.

export interface Command {
  /** Its name and arguments, then two spaces or more and what it does. */
  readonly usage: string
  /** Returns the exit code. */
  run(args: string[]): Promise<number>
}

export const commands: Readonly<Record<string, Command>> = {
  config: {
    usage:
      'config [--explain] | check | init  the settings, where each comes from; mistakes in the files that you edit, and files to begin with',
    run: async args => (await import('./config')).config(args),
  },
  doctor: {
    usage: 'doctor [--json] [APP]        starts the preload beside APP and says what works and what does not',
    run: async args => (await import('./doctor')).doctor(args),
  },
  redact: {
    usage: 'redact [--explain] [FILE]    masks personal data and secrets, FILE or stdin to stdout',
    run: async args => (await import('./redact')).redact(args),
  },
  generate: {
    usage: 'generate [--profile laptop|single|cluster] [--target DIR] [--check]  configuration of Collector and stores',
    run: async args => (await import('./generate')).generate(args),
  },
  dashboards: {
    usage: 'dashboards check [FILE]      every mistake in the Grafana boards of your own, with line and column',
    run: async args => (await import('./dashboards')).dashboards(args),
  },
  run: {
    usage: 'run APP [ARGUMENTS]          the app with the explorer beside it, opened on the first trace',
    run: async args => (await import('./run')).run(args),
  },
  up: {
    usage:
      'up [--port 3200] [--otlp-port 4318] [--data DIR|--memory]  trace explorer, Tempo API and OTLP, on this machine',
    run: async args => (await import('./up')).up(args),
  },
  traces: {
    usage: "traces ['{ … }'] [--since 1h]  what up has, newest first",
    run: async args => (await import('./traces')).traces(args),
  },
  trace: {
    usage: 'trace ID                     one trace as a tree, with tokens and cost',
    run: async args => (await import('./trace')).trace(args),
  },
  tail: {
    usage: "tail ['{ … }']               traces as they come in",
    run: async args => (await import('./tail')).tail(args),
  },
  stats: {
    usage: 'stats                        how much up holds',
    run: async args => (await import('./stats')).stats(args),
  },
  export: {
    usage: 'export --parquet FILE [--signal traces] [--since 1h]  what up holds, as a file',
    run: async args => (await import('./export')).exportTo(args),
  },
  mcp: {
    usage: 'mcp [--http]                 lets an agent read what up has, by the Model Context Protocol',
    run: async args => (await import('./mcp')).mcp(args),
  },
  sourcemaps: {
    usage:
      'sourcemaps upload DIR | symbolicate [FILE]  keeps the maps of a build; shows stacks as they are in the sources',
    run: async args => (await import('./sourcemaps')).sourcemaps(args),
  },
  query: {
    usage: "query NAME|'{ … }'           asks Tempo or Prometheus; --list shows the questions that it knows",
    run: async args => (await import('./query')).query(args),
  },
  pseudonym: {
    usage: 'pseudonym VALUE              what stands for it in the stores, by the key of the pseudonyms',
    run: async args => (await import('./pseudonym')).pseudonym(args),
  },
  reconcile: {
    usage: 'reconcile [--since 1h] [--every 10m] [--dry-run]  repairs the tiers in Tempo after a crash or a late error',
    run: async args => (await import('./reconcile')).reconcile(args),
  },
  langfuse: {
    usage: 'langfuse janitor|proxy  deletes old traces from LangFuse; keeps spans while it is away',
    run: async args => (await import('./langfuse')).langfuse(args),
  },
  certificates: {
    usage: 'certificates HOST:PORT…      when the certificates of servers end',
    run: async args => (await import('./certificates')).certificates(args),
  },
  audit: {
    usage: 'audit init|verify|export|erase|hold|sweep|rotate  the audit log of @afn/otel/audit',
    run: async args => (await import('./audit')).audit(args),
  },
  logs: {
    usage:
      'logs tail|query|check|verify  the log files of @afn/otel/logs: as lines come, by time and word, and whether all are whole',
    run: async args => (await import('./logs')).logs(args),
  },
  cost: {
    usage:
      'cost report|advise|budget|reconcile  what LLM calls cost and may cost, what would cost less, whether the invoice is right',
    run: async args => (await import('./cost')).cost(args),
  },
  slo: {
    usage:
      'slo generate|check|test|report|import|export  rules for Prometheus of service level objectives, tests of them, what became of a month',
    run: async args => (await import('./slo')).slo(args),
  },
  gdpr: {
    usage:
      'gdpr init|export|erase|resume|status|extend|verify  takes a person out of all stores, with a signed receipt',
    run: async args => (await import('./gdpr')).gdpr(args),
  },
  alerts: {
    usage:
      'alerts check|test|silence|history|serve|ack|reload  alerts-config.yaml, what Alertmanager does by it, and the receiver',
    run: async args => (await import('./alerts')).alerts(args),
  },
  cloudflare: {
    usage:
      'cloudflare check|plan|apply|deploy-worker|metrics|alerts|destroy  a zone of Cloudflare: what watches it, what its edge has seen',
    run: async args => (await import('./cloudflare')).cloudflare(args),
  },
  collector: {
    usage: 'collector build|validate|run  the OpenTelemetry Collector with our configuration',
    run: async args => (await import('./collector')).collector(args),
  },
}
