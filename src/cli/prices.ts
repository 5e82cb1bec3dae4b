// `afn-otel prices …`: the lists of prices that calls are priced by.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  diff: {
    usage: 'diff [--provider NAME] [--json]',
    help: 'lists models whose prices differ between the two built-in tables',
    run: async args => (await import('./prices/diff')).diff(args),
    options: async () => (await import('./prices/diff')).options,
  },
  update: {
    usage: 'update [--out FILE] [--litellm VERSION]',
    help: "downloads current prices from LiteLLM's package and verifies its sha256",
    run: async args => (await import('./prices/update')).update(args),
    options: async () => (await import('./prices/update')).options,
  },
}

const help = `Usage: afn-otel prices COMMAND [OPTIONS]

${subcommandLines(subcommands)}

For details, run: afn-otel prices COMMAND --help

Exit codes: 0 done; 1 the prices could not be downloaded, the previous ones stay in use; 2 usage error.`

/** @returns the exit code */
export const prices = (args: string[]): Promise<number> => runSubcommand('prices', subcommands, help, args)
