// `afn-otel prices …`: the lists of prices that calls are priced by.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  diff: {
    usage: 'diff [--provider NAME] [--json]',
    help: 'models of which the two built-in tables have different prices',
    run: async args => (await import('./prices/diff')).diff(args),
    options: async () => (await import('./prices/diff')).options,
  },
  update: {
    usage: 'update [--out FILE] [--litellm VERSION]',
    help: "today's prices, from LiteLLM's package, checked by its sha256",
    run: async args => (await import('./prices/update')).update(args),
    options: async () => (await import('./prices/update')).options,
  },
}

const help = `Usage: afn-otel prices COMMAND [OPTIONS]

${subcommandLines(subcommands)}

afn-otel prices COMMAND --help says more of one.

Exit codes: 0 done; 1 the prices could not be had, and those of before count; 2 the command is not right.`

/** @returns the exit code */
export const prices = (args: string[]): Promise<number> => runSubcommand('prices', subcommands, help, args)
