// `afn-otel slo …`: rules for Prometheus of service level objectives, and what else is made of their file.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  generate: {
    usage: 'generate [FILE…] [--target DIR] [--check]',
    help: 'rule files for Prometheus, and tests of them',
    run: async args => (await import('./slo/generate')).generate(args),
    options: async () => (await import('./slo/generate')).options,
  },
  check: {
    usage: 'check [FILE…]',
    help: 'every mistake in the files, with line and column',
    run: async args => (await import('./slo/check')).check(args),
    options: async () => (await import('./slo/files')).retentionOption,
  },
  test: {
    usage: 'test [FILE…]',
    help: 'runs the tests of the rules with promtool',
    run: async args => (await import('./slo/test')).test(args),
    options: async () => (await import('./slo/test')).options,
  },
  report: {
    usage: 'report [FILE…] [--month 2026-10]',
    help: 'what became of a month, in Markdown',
    run: async args => (await import('./slo/report')).report(args),
    options: async () => (await import('./slo/report')).options,
  },
  import: {
    usage: 'import openslo FILE…',
    help: 'SLOs of OpenSLO v1 as a file of SLOs',
    run: async args => (await import('./slo/import')).importSlos(args),
  },
  export: {
    usage: 'export openslo [FILE…]',
    help: 'SLOs as objects of OpenSLO v1',
    run: async args => (await import('./slo/export')).exportSlos(args),
  },
}

const help = `Usage: afn-otel slo COMMAND [OPTIONS]

${subcommandLines(subcommands)}

FILE is a file of SLOs, Sloth's prometheus/v1 or more; without one those of AFN_SLO_FILE (pipeline.slo in the settings file),
else slo.yaml in the working directory, else the five SLOs of @afn/otel. afn-otel slo COMMAND --help says more of one.

Exit codes: 0 done; 1 a mistake was found, or something could not be done; 2 the command is not right.`

/** @returns the exit code */
export const slo = (args: string[]): Promise<number> => runSubcommand('slo', subcommands, help, args)
