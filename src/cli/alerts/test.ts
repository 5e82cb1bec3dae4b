// `afn-otel alerts test --channel NAME`

import { parseArgs } from 'node:util'
import { testChannel } from '../../monitoring/alerts/channel-test'
import { nearest } from '../../shared/config/nearest'
import { secondsOfDuration } from '../../shared/queries/window'
import { type Severity, severities } from '../../shared/severities'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { plainText } from '../terminal'
import { alertmanagerOf, alertmanagerOption, receiverUrl } from './alertmanager'
import { configIn, FILE, findAlerts } from './file'

export const options = {
  channel: { type: 'string', multiple: true, argument: 'NAME', help: `channel name in ${FILE}, or all` },
  severity: { type: 'string', argument: 'S', default: 'low', help: `${severities.join(', ')}; shown in the title` },
  file: { type: 'string', help: 'file with the channels', otherwise: FILE },
  timeout: { type: 'string', default: '30s', help: 'how long to wait for a response' },
  ...alertmanagerOption,
} as const satisfies Options

const help = `Usage: afn-otel alerts test --channel NAME [--severity low] [--file FILE]

Sends a test through the running Alertmanager to one channel of alerts-config.yaml (repeat --channel for more), and reports for each:

delivered     the service has received the message
accepted      a mail server, a webhook or the receiver has accepted it and forwards it
refused: WHY  it was not delivered

The message starts with [TEST]. It goes only to this channel, is not repeated and does not escalate; a ticket is closed immediately.

${optionLines(options)}

Exit codes: 0 delivered or accepted; 1 refused, or Alertmanager is unreachable; 2 usage error or invalid file.`

export async function test(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const severity = severities.find(one => one === values.severity)
  if (!severity) throw new Error(`--severity takes ${severities.join(', ')}, not "${values.severity}"`)
  const timeoutMs = secondsOfDuration('--timeout', values.timeout) * 1_000
  const alertmanager = alertmanagerOf(values.alertmanager)
  const found = findAlerts(values.file)
  const config = configIn(found)
  if (!config) return 2
  const names = namesOf(values.channel ?? [], Object.keys(config.channels))
  return answering('alerts test', async () => {
    let code = 0
    // in sequence, because Alertmanager's counters cover all channels of a kind
    for (const name of names) {
      const channel = config.channels[name]!
      const { folder } = found
      const receiver = config.receiver && { ...config.receiver, url: receiverUrl() }
      const test = { alertmanager, name, channel, severity: severity as Severity, folder, receiver, timeoutMs }
      const { verdict, words, id } = await testChannel(test)
      if (verdict === 'refused') code = 1
      console.log(plainText(`${name}: ${verdict}${verdict === 'refused' ? ': ' : ' '}${words} (test ${id})`))
    }
    return code
  })
}

function namesOf(wanted: readonly string[], known: readonly string[]): readonly string[] {
  if (wanted.length === 0) throw new Error(`alerts test requires --channel NAME: ${known.join(', ')}, or all`)
  if (wanted.includes('all')) return known
  const unknown = wanted.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new Error(
      `unknown channel "${unknown}"; did you mean "${nearest(unknown, known)}"? Channels: ${known.join(', ')}`,
    )
  return [...new Set(wanted)]
}
