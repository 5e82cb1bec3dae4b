// `afn-otel alerts history`
import { parseArgs } from 'node:util'
import { type Firing, firings } from '../../monitoring/alerts/history'
import { durationOf } from '../../monitoring/alerts/times'
import { table } from '../../shared/queries/table'
import { windowSince } from '../../shared/queries/window'
import { answering, prometheusOf, prometheusOption } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'

export const options = {
  since: { type: 'string', default: '24h', help: 'how far back: 30m, 24h, 7d …' },
  severity: { type: 'string', argument: 'S', help: 'only this severity' },
  alert: { type: 'string', argument: 'NAME', help: 'only this alert' },
  service: { type: 'string', argument: 'NAME', help: 'only this service' },
  json: {
    type: 'boolean',
    default: false,
    help: 'prints JSON: [{ labels, from, until }], times in RFC 3339; until is null while the alert is firing',
  },
  ...prometheusOption,
} as const satisfies Options

const help = `Usage: afn-otel alerts history [--since 24h] [--severity S] [--alert NAME] [--service NAME] [--json]

Lists when each alert fired, newest first, from the data in Prometheus. Times are accurate to ten seconds within a day.

${optionLines(options)}

Exit codes: 0 success, even if the result is empty; 1 Prometheus is unreachable; 2 usage error.`

const LONGEST_DAYS = 366

export async function history(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const window = windowSince(values.since, new Date(), LONGEST_DAYS)
  const prometheus = prometheusOf(values.prometheus)
  const wanted = { severity: values.severity, alertname: values.alert, service: values.service }
  return answering('alerts history', async () => {
    const found = (await firings(prometheus, window)).filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => value === undefined || labels[label] === value),
    )
    if (values.json) console.log(json(found.map(rowOf), 2))
    else
      console.log(
        found.length > 0 ? tableOf(found, window.end).join('\n') : `no alerts fired in the last ${values.since}`,
      )
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
