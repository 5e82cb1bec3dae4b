// `afn-otel cost …`: the cost of LLM calls, budgets, and ways to save.
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  report: {
    usage: 'report [--by service,model] [--from DAY --to DAY]',
    help: 'reports cost by service, model and more',
    run: async args => (await import('./cost/report')).report(args),
    options: async () => (await import('./cost/report')).options,
  },
  advise: {
    usage: 'advise [--since 7d]',
    help: 'suggests savings, with the evidence for each',
    run: async args => (await import('./cost/advise')).advise(args),
    options: async () => (await import('./cost/advise')).options,
  },
  budget: {
    usage: 'budget [--every 1m] [--alertmanager URL]',
    help: 'shows the state of each budget; raises each alert once per period',
    run: async args => (await import('./cost/budget')).budget(args),
    options: async () => (await import('./cost/budget')).options,
  },
  retirements: {
    usage: 'retirements [--since 7d]',
    help: 'lists models in use that their providers will retire, with priced replacements',
    run: async args => (await import('./cost/retirements')).retirements(args),
    options: async () => (await import('./cost/retirements')).options,
  },
  reconcile: {
    usage: 'reconcile INVOICE',
    help: "compares a provider's invoice with the recorded cost",
    run: async args => (await import('./cost/reconcile')).reconcile(args),
    options: async () => (await import('./cost/reconcile')).options,
  },
}

const help = `Usage: afn-otel cost COMMAND [OPTIONS]

${subcommandLines(subcommands)}

For details, run: afn-otel cost COMMAND --help

Exit codes: 0 success; 1 a backend is unreachable or rejects the request, or a file has errors; 2 usage error; 3 the totals differ from the
invoice, or a model in use ends within 30 days.`

/** @returns the exit code */
export const cost = (args: string[]): Promise<number> => runSubcommand('cost', subcommands, help, args)
