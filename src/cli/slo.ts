// `afn-otel slo …`: rules for Prometheus of service level objectives, and what else is made of their file.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  generate: {
    usage: 'generate [FILE…] [--target DIR] [--check]',
    help: 'writes Prometheus rule files and tests for them',
    run: async args => (await import('./slo/generate')).generate(args),
    options: async () => (await import('./slo/generate')).options,
  },
  check: {
    usage: 'check [FILE…]',
    help: 'reports every error in the files, with line and column',
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
    help: 'reports on a month, in Markdown',
    run: async args => (await import('./slo/report')).report(args),
    options: async () => (await import('./slo/report')).options,
  },
  import: {
    usage: 'import openslo FILE…',
    help: 'converts OpenSLO v1 to a file of SLOs',
    run: async args => (await import('./slo/import')).importSlos(args),
  },
  export: {
    usage: 'export openslo [FILE…]',
    help: 'converts SLOs to OpenSLO v1 objects',
    run: async args => (await import('./slo/export')).exportSlos(args),
  },
}

const help = `Usage: afn-otel slo COMMAND [OPTIONS]

${subcommandLines(subcommands)}

FILE is a file of SLOs in Sloth's prometheus/v1 format or our extension of it. Without FILE: AFN_SLO_FILE (pipeline.slo in the
settings file), else slo.yaml in the working directory, else the five built-in SLOs. For details, run: afn-otel slo COMMAND --help

Exit codes: 0 done; 1 errors found, or the command failed; 2 usage error.`

/** @returns the exit code */
export const slo = (args: string[]): Promise<number> => runSubcommand('slo', subcommands, help, args)
