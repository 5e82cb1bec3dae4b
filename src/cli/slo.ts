// `afn-otel slo …`: rules for Prometheus of service level objectives, and what else is made of their file.
import { print } from './help'

interface Subcommand {
  readonly usage: string
  /** Returns the exit code. */
  run(args: string[]): Promise<number>
}

const commands: Record<string, Subcommand> = {
  generate: {
    usage: 'generate [FILE…] [--target DIR] [--check]  rule files for Prometheus, and tests of them',
    run: async args => (await import('./slo/generate')).generate(args),
  },
  check: {
    usage: 'check [FILE…]                              every mistake in the files, with line and column',
    run: async args => (await import('./slo/check')).check(args),
  },
  test: {
    usage: 'test [FILE…]                               runs the tests of the rules with promtool',
    run: async args => (await import('./slo/test')).test(args),
  },
  report: {
    usage: 'report [FILE…] [--month 2026-10]           what became of a month, in Markdown',
    run: async args => (await import('./slo/report')).report(args),
  },
  import: {
    usage: 'import openslo FILE…                       SLOs of OpenSLO v1 as a file of SLOs',
    run: async args => (await import('./slo/import')).importSlos(args),
  },
  export: {
    usage: 'export openslo [FILE…]                     SLOs as objects of OpenSLO v1',
    run: async args => (await import('./slo/export')).exportSlos(args),
  },
}

const help = (): string => `Usage: afn-otel slo COMMAND [OPTIONS]

${Object.values(commands)
  .map(({ usage }) => `  ${usage}`)
  .join('\n')}

FILE is a file of SLOs, Sloth's prometheus/v1 or more; without one those of AFN_SLO_FILE (pipeline.slo in the settings file),
else slo.yaml in the working directory, else the four SLOs of @afn/otel. afn-otel slo COMMAND --help says more of one.

Exit codes: 0 done; 1 a mistake was found, or something could not be done; 2 the command is not right.`

/** @returns the exit code */
export async function slo([name, ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') return print(help())
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new Error(`slo takes ${Object.keys(commands).join(', ')}${name ? `, not "${name}"` : ''}\n\n${help()}`)
  return command.run(args)
}
