// `afn-otel cost …`: what LLM calls cost, what they may cost, and what would make them cost less.
import { print } from './help'

interface Subcommand {
  readonly usage: string
  /** Returns the exit code. */
  run(args: string[]): Promise<number>
}

const commands: Record<string, Subcommand> = {
  report: {
    usage: 'report [--by service,model] [--from DAY --to DAY]  what calls cost, by service, model and others',
    run: async args => (await import('./cost/report')).report(args),
  },
  advise: {
    usage: 'advise [--since 7d]                                what would make calls cost less, and what that rests on',
    run: async args => (await import('./cost/advise')).advise(args),
  },
  budget: {
    usage: 'budget [--every 1m] [--alertmanager URL]           where each budget stands; alerts, once a period each',
    run: async args => (await import('./cost/budget')).budget(args),
  },
  reconcile: {
    usage: "reconcile INVOICE                                  a provider's invoice against what was counted",
    run: async args => (await import('./cost/reconcile')).reconcile(args),
  },
}

const help = (): string => `Usage: afn-otel cost COMMAND [OPTIONS]

${Object.values(commands)
  .map(({ usage }) => `  ${usage}`)
  .join('\n')}

afn-otel cost COMMAND --help says more of one.

Exit codes: 0 answered; 1 a backend is not there or refuses, or a file has mistakes; 2 the command is not right; 3 the sums of an
invoice differ.`

/** @returns the exit code */
export async function cost([name, ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') return print(help())
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new Error(`cost takes ${Object.keys(commands).join(', ')}${name ? `, not "${name}"` : ''}\n\n${help()}`)
  return command.run(args)
}
