// `afn-otel alerts`: checks alerts-config.yaml, tests channels, silences, says what fired, and runs the receiver. One file a command.
import { ack } from './alerts/ack'
import { check } from './alerts/check'
import { history } from './alerts/history'
import { reload } from './alerts/reload'
import { serve } from './alerts/serve'
import { silence } from './alerts/silence'
import { test } from './alerts/test'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

const subcommands: Subcommands = {
  check: {
    usage: 'check [FILE]',
    help: 'names every mistake in alerts-config.yaml, with line and column; runs amtool and promtool where they are',
    run: check,
  },
  test: {
    usage: 'test --channel NAME',
    help: 'sends a test to one channel, and says whether it was delivered, accepted or refused, and why',
    run: test,
  },
  silence: { usage: 'silence', help: 'list, add and expire: mutes alerts for a time, with a comment', run: silence },
  history: { usage: 'history', help: 'which alert fired when', run: history },
  serve: {
    usage: 'serve',
    help: 'the receiver: tickets, Discord within its limits, escalation, acknowledgement',
    run: serve,
  },
  ack: { usage: 'ack [ID|ALERTNAME]', help: 'somebody works on it, so it escalates no further', run: ack },
  reload: {
    usage: 'reload',
    help: 'lets Alertmanager and Prometheus read their configuration again, and says whether they took it',
    run: reload,
  },
}

const help = `Usage: afn-otel alerts COMMAND [OPTIONS]

${subcommandLines(subcommands)}

afn-otel alerts COMMAND --help says more of one.

Exit codes: 0 done; 1 a mistake was found, something was refused, or Alertmanager is not there; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export const alerts = (args: string[]): Promise<number> => runSubcommand('alerts', subcommands, help, args)
