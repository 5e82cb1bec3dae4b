// `afn-otel alerts history`
import { parseArgs } from 'node:util'
import { type Firing, firings } from '../../alerts/history'
import { durationOf } from '../../alerts/times'
import { table } from '../../queries/table'
import { windowSince } from '../../queries/window'
import { helpOption, print } from '../help'
import { json } from '../terminal'
import { answered, prometheusHelp, prometheusOf, prometheusOption } from './backends'

const help = `Usage: afn-otel alerts history [--since 24h] [--severity S] [--alert NAME] [--service NAME] [--json]

Which alert fired when, newest first, as Prometheus has kept it. A time is right to within ten seconds in a day.

--since 24h         30m, 24h, 7d …
--severity S        only this severity
--alert NAME        only this alert
--service NAME      only this service
--json              the same as JSON: [{ labels, from, until }], times as RFC 3339; until is null while it fires
${prometheusHelp}

Exit codes: 0 there is an answer, an empty one too; 1 Prometheus is not there; 2 the command is not right.`

const options = {
  since: { type: 'string', default: '24h' },
  severity: { type: 'string' },
  alert: { type: 'string' },
  service: { type: 'string' },
  json: { type: 'boolean', default: false },
  ...prometheusOption,
  ...helpOption,
} as const

const LONGEST_DAYS = 366

export async function history(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.help) return print(help)
  const window = windowSince(values.since, new Date(), LONGEST_DAYS)
  const prometheus = prometheusOf(values.prometheus)
  const wanted = { severity: values.severity, alertname: values.alert, service: values.service }
  return answered('history', async () => {
    const found = (await firings(prometheus, window)).filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => value === undefined || labels[label] === value),
    )
    if (values.json) console.log(json(found.map(rowOf), 2))
    else
      console.log(found.length > 0 ? tableOf(found, window.end).join('\n') : `no alert has fired for ${values.since}`)
    return 0
  })
}

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')

const rowOf = ({ labels, from, until }: Firing) => ({
  labels,
  from: timeOf(from),
  until: until === undefined ? null : timeOf(until),
})

function tableOf(found: readonly Firing[], now: number): string[] {
  const rows = found.map(({ labels, from, until }) => [
    timeOf(from),
    until === undefined ? 'still' : timeOf(until),
    durationOf((until ?? now) - from),
    labels.severity ?? '',
    labels.origin ? `${labels.alertname} (${labels.origin})` : (labels.alertname ?? ''),
    labels.service ?? '',
  ])
  return table(['FROM', 'UNTIL', 'FOR', 'SEVERITY', 'ALERT', 'SERVICE'], rows)
}
