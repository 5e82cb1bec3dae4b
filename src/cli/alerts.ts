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
    help: 'reports every error in alerts-config.yaml, with line and column; runs amtool and promtool if available',
    run: check,
    options: checkOptions,
  },
  test: {
    usage: 'test --channel NAME',
    help: 'sends a test to one channel, and reports whether it was delivered, accepted or refused',
    run: test,
    options: testOptions,
  },
  silence: {
    usage: 'silence',
    help: 'lists, adds and expires silences',
    run: silence,
    options: silenceOptions,
  },
  history: { usage: 'history', help: 'lists past and firing alerts', run: history, options: historyOptions },
  serve: {
    usage: 'serve',
    help: 'runs the alert receiver: tickets, Discord, escalation, acknowledgement',
    run: serve,
    options: serveOptions,
  },
  ack: {
    usage: 'ack [ID|ALERTNAME]',
    help: 'acknowledges an alert, which stops its escalation',
    run: ack,
    options: ackOptions,
  },
  reload: {
    usage: 'reload',
    help: 'reloads Alertmanager and Prometheus, and reports whether they accepted the configuration',
    run: reload,
    options: reloadOptions,
  },
}

const help = `Usage: afn-otel alerts COMMAND [OPTIONS]

${subcommandLines(subcommands)}

For details, run: afn-otel alerts COMMAND --help

Exit codes: 0 done; 1 errors found, something was rejected, or Alertmanager is unreachable; 2 usage error.`

/** @returns the exit code, as `help` says */
export const alerts = (args: string[]): Promise<number> => runSubcommand('alerts', subcommands, help, args)
