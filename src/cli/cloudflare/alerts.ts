// `afn-otel cloudflare alerts`
import { parseArgs } from 'node:util'
import { alertHistory } from '../../operations/cloudflare/alert-history'
import { table } from '../../shared/queries/table'
import { windowSince } from '../../shared/queries/window'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { inZone } from './session'

export const options = {
  since: { type: 'string', default: '7d', help: 'how far back: 30m, 24h, 7d …' },
  json: { type: 'boolean', default: false, help: 'prints JSON: [{ sent, name, alertType, description, mechanism }]' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare alerts [--since 7d] [--json]

Lists the notifications that Cloudflare sent, newest first. Retention depends on the account's plan.

${optionLines(options)}

Exit codes: 0 success, even if the result is empty; 1 Cloudflare rejects the request; 2 usage error.`

const LONGEST_DAYS = 366

export async function alerts(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { start, end } = windowSince(values.since, new Date(), LONGEST_DAYS)
  return inZone('cloudflare alerts', async ({ client, place }) => {
    const found = await alertHistory(client, place, new Date(start * 1_000), new Date(end * 1_000))
    if (values.json) return print(json(found, 2))
    if (found.length === 0) return print(`Cloudflare sent no notifications in the last ${values.since}`)
    const rows = found.map(({ sent, alertType, name, mechanism, description }) => [sent, alertType, name, mechanism, description]) // biome-ignore format: one line
    return print(table(['sent', 'type', 'policy', 'by', 'what'], rows).join('\n'))
  })
}
