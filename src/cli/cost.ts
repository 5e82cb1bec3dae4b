// `afn-otel cost …`: what LLM calls cost, what they may cost, and what would make them cost less.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  report: {
    usage: 'report [--by service,model] [--from DAY --to DAY]',
    help: 'what calls cost, by service, model and others',
    run: async args => (await import('./cost/report')).report(args),
    options: async () => (await import('./cost/report')).options,
  },
  advise: {
    usage: 'advise [--since 7d]',
    help: 'what would make calls cost less, and what that rests on',
    run: async args => (await import('./cost/advise')).advise(args),
    options: async () => (await import('./cost/advise')).options,
  },
  budget: {
    usage: 'budget [--every 1m] [--alertmanager URL]',
    help: 'where each budget stands; alerts, once a period each',
    run: async args => (await import('./cost/budget')).budget(args),
    options: async () => (await import('./cost/budget')).options,
  },
  reconcile: {
    usage: 'reconcile INVOICE',
    help: "a provider's invoice against what was counted",
    run: async args => (await import('./cost/reconcile')).reconcile(args),
    options: async () => (await import('./cost/reconcile')).options,
  },
}

const help = `Usage: afn-otel cost COMMAND [OPTIONS]

${subcommandLines(subcommands)}

afn-otel cost COMMAND --help says more of one.

Exit codes: 0 answered; 1 a backend is not there or refuses, or a file has mistakes; 2 the command is not right; 3 the sums of an
invoice differ.`

/** @returns the exit code */
export const cost = (args: string[]): Promise<number> => runSubcommand('cost', subcommands, help, args)
