// `afn-otel alerts`: checks alerts-config.yaml, tests channels, silences, says what fired, and runs the receiver. One file a command.
import { ack } from './alerts/ack'
import { check } from './alerts/check'
import { history } from './alerts/history'
import { reload } from './alerts/reload'
import { serve } from './alerts/serve'
import { silence } from './alerts/silence'
import { test } from './alerts/test'
import { print } from './help'

const help = `Usage: afn-otel alerts COMMAND [OPTIONS]

check [FILE]          names every mistake in alerts-config.yaml, with line and column; asks amtool and promtool where they are
test --channel NAME   sends a test to one channel, and says whether it was delivered, accepted or refused, and why
silence               list, add and expire: mutes alerts for a time, with a comment
history               which alert fired when
serve                 the receiver: tickets, Discord within its limits, escalation, acknowledgement
ack [ID|ALERTNAME]    somebody works on it, so it escalates no further
reload                lets Alertmanager and Prometheus read their configuration again, and says whether they took it

afn-otel alerts COMMAND --help says more of one.

Exit codes: 0 done; 1 a mistake was found, something was refused, or Alertmanager is not there; 2 the command is not right.`

const commands: Record<string, (args: string[]) => Promise<number>> = {
  check,
  test,
  silence,
  history,
  serve,
  ack,
  reload,
}

/** @returns the exit code, as `help` says */
export async function alerts([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    print(help)
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Error(`alerts takes ${Object.keys(commands).join(', ')}, not "${name}"`)
  return command(args)
}
