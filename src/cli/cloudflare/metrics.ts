// `afn-otel cloudflare metrics`
import { parseArgs } from 'node:util'
import { type Analytics, completeMinutes, readAnalytics } from '../../cloudflare/analytics'
import { table } from '../../queries/table'
import { secondsOfDuration } from '../../queries/window'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { inZone } from './session'

const options = {
  since: { type: 'string', default: '15m', help: 'of how many minutes: 1m, 15m, 6h …' },
  json: { type: 'boolean', default: false, help: 'as JSON: { from, to, values, sampleIntervals, missing }' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare metrics [--since 15m] [--json]

What the edge has seen: requests by status and cache, times to the first byte, events of the firewall, health checks, Workers, Pages and
Web Analytics. Numbers are of whole minutes that ended two minutes ago or earlier; where Cloudflare counts a sample, they are estimates.

${optionLines(options)}

Exit codes: 0 there is an answer; 1 Cloudflare refuses; 2 the command is not right.`

const LONGEST_MINUTES = 31 * 1_440

export async function metrics(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const minutes = Math.min(Math.max(1, Math.floor(secondsOfDuration('--since', values.since) / 60)), LONGEST_MINUTES)
  return inZone('cloudflare metrics', async ({ client, place: { zoneId, accountId } }) => {
    const window = completeMinutes(minutes, Date.now())
    const found = await readAnalytics(client, { zoneIds: [zoneId], accountId, ...window })
    const times = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() }
    if (values.json) return print(json({ ...times, ...found, sampleIntervals: Object.fromEntries(found.sampleIntervals) }, 2)) // biome-ignore format: one line
    return print([...tableOf(found), '', ...notesOf(found, times)].join('\n'))
  })
}

function tableOf({ values }: Analytics): string[] {
  const rows = values.map(({ metric, unit, value, attributes }) => {
    const of = Object.entries(attributes).filter(([name]) => name !== 'cloudflare.zone.id')
    const shown = Number.isInteger(value) ? String(value) : value.toPrecision(3)
    return [metric.replace('afn.cloudflare.', ''), of.map(([name, text]) => `${name.split('.').at(-1)}=${text}`).join(' '), shown, unit.replace(/[{}]/g, '')] // biome-ignore format: one line
  })
  return table(['metric', 'of', 'value', 'unit'], rows)
}

function notesOf({ sampleIntervals, missing }: Analytics, { from, to }: { from: string; to: string }): string[] {
  const sampled = [...sampleIntervals].filter(([, interval]) => interval > 1)
  return [
    `from ${from} to ${to}; later minutes are not complete yet`,
    ...sampled.map(
      ([node, interval]) => `${node} is estimated: one of ${interval} was counted where most was left out`,
    ),
    ...missing.map(sentence => `missing: ${sentence}`),
  ]
}
