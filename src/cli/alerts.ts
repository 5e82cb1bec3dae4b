// `afn-otel alerts`: checks alerts-config.yaml, tests channels, silences, says what fired, and runs the receiver. One file a command.
import { ack, options as ackOptions } from './alerts/ack'
import { check, options as checkOptions } from './alerts/check'
import { history, options as historyOptions } from './alerts/history'
import { reload, options as reloadOptions } from './alerts/reload'
import { serve, options as serveOptions } from './alerts/serve'
import { silence, options as silenceOptions } from './alerts/silence'
import { test, options as testOptions } from './alerts/test'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  check: {
    usage: 'check [FILE]',
    help: 'names every mistake in alerts-config.yaml, with line and column; runs amtool and promtool where they are',
    run: check,
    options: checkOptions,
  },
  test: {
    usage: 'test --channel NAME',
    help: 'sends a test to one channel, and says whether it was delivered, accepted or refused, and why',
    run: test,
    options: testOptions,
  },
  silence: {
    usage: 'silence',
    help: 'list, add and expire: mutes alerts for a time, with a comment',
    run: silence,
    options: silenceOptions,
  },
  history: { usage: 'history', help: 'which alert fired when', run: history, options: historyOptions },
  serve: {
    usage: 'serve',
    help: 'the receiver: tickets, Discord within its limits, escalation, acknowledgement',
    run: serve,
    options: serveOptions,
  },
  ack: {
    usage: 'ack [ID|ALERTNAME]',
    help: 'somebody works on it, so it escalates no further',
    run: ack,
    options: ackOptions,
  },
  reload: {
    usage: 'reload',
    help: 'lets Alertmanager and Prometheus read their configuration again, and says whether they took it',
    run: reload,
    options: reloadOptions,
  },
}

const help = `Usage: afn-otel alerts COMMAND [OPTIONS]

${subcommandLines(subcommands)}

afn-otel alerts COMMAND --help says more of one.

Exit codes: 0 done; 1 a mistake was found, something was refused, or Alertmanager is not there; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export const alerts = (args: string[]): Promise<number> => runSubcommand('alerts', subcommands, help, args)
