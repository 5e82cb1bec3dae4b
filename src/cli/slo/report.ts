// `afn-otel slo report`: what became of the SLOs in a month, in Markdown.
import { parseArgs } from 'node:util'
import { lastMonth, type Month, monthOf } from '../../monitoring/slo/month'
import { type Ask, monthsOfSlo, type SampledSeries } from '../../monitoring/slo/report'
import { reportText } from '../../monitoring/slo/report-text'
import { spanOfSeconds } from '../../pipeline/doctor/durations-text'
import { textWithoutCredentials } from '../../shared/config/credentials'
import { parseDuration } from '../../shared/durations'
import { type Backend, getJson, httpUrl } from '../../shared/queries/http'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { readAndSay } from './files'

export const options = {
  month: {
    type: 'string',
    help: 'such as 2026-10; the current month is reported up to now',
    otherwise: 'last month',
  },
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'server that retains the month',
    otherwise: 'AFN_PROMETHEUS_MEDIUM, else AFN_PROMETHEUS_URL, else http://localhost:9090',
  },
} as const satisfies Options

const help = `Usage: afn-otel slo report [FILE…] [--month 2026-10] [--prometheus URL]

Reports on each SLO in a month as Markdown on stdout: SLI, error budget spent and remaining, worst days, causes of bad events, number of
events, and gaps in the data. Days are in UTC.

${optionLines(options)}

Exit codes: 0 written; 1 Prometheus does not answer, retains less than the month, or has no data for the SLOs; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function report(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const now = Math.floor(Date.now() / 1_000)
  const month = values.month === undefined ? lastMonth(now) : monthOf(values.month)
  if (month.start > now) throw new Error(`${month.name} is in the future`)
  const backend = backendOf(values.prometheus)
  const { slos } = readAndSay(positionals)
  try {
    await checkRetention(backend, month, now)
    const ask = askOf(backend)
    const found = []
    // one after another: each queries a whole month
    for (const slo of slos) found.push({ slo, months: await monthsOfSlo(slo, month, now, ask) })
    const measured = found.flatMap(({ months }) => months)
    const without = found.flatMap(({ slo, months }) => (months.length > 0 ? [] : [slo]))
    if (measured.length === 0)
      throw new Error(
        `Prometheus at ${backend.url} has no data for ${without.map(({ id }) => id).join(', ')} in ${month.name}; set --prometheus to the server with the recorded series slo:.*`,
      )
    process.stdout.write(
      reportText({ month, now, from: `Prometheus at ${textWithoutCredentials(backend.url)}`, slos: measured, without }),
    )
    return 0
  } catch (error) {
    console.error(`afn-otel: ${textWithoutCredentials((error as Error).message)}`)
    return 1
  }
}

function backendOf(named: string | undefined): Backend {
  const { AFN_PROMETHEUS_MEDIUM: medium, AFN_PROMETHEUS_URL: high } = process.env
  const setBy = '--prometheus URL (or AFN_PROMETHEUS_MEDIUM)'
  const url = httpUrl(named || medium || high || 'http://localhost:9090', `set ${setBy}`)
  return { name: 'Prometheus', url, setBy }
}

/** A month of which the first days are gone would look better or worse than it was. */
async function checkRetention(backend: Backend, { name, start }: Month, now: number): Promise<void> {
  const { data } = (await getJson(backend, 'api/v1/status/runtimeinfo', {}).catch(error => {
    // what only speaks Prometheus' language may not have it
    if ((error as { status?: number }).status === 404) return {}
    throw error
  })) as { data?: { storageRetention?: string } }
  // `31d or 10GiB` where there is a limit of size too
  const kept = parseDuration(data?.storageRetention?.split(' ')[0] ?? '')
  if (kept === undefined || now - kept <= start) return
  const since = new Date((now - kept) * 1_000).toISOString().slice(0, 10)
  throw new Error(
    `Prometheus at ${backend.url} retains ${spanOfSeconds(kept)}, since ${since}, but ${name} starts earlier: set ${backend.setBy} to a server with longer retention, or create the report as soon as a month ends`,
  )
}

const askOf =
  (backend: Backend): Ask =>
  async (query, { first, last, step }) => {
    const parameters = { query, start: String(first), end: String(last), step: String(step) }
    const { data } = (await getJson(backend, 'api/v1/query_range', parameters)) as {
      data?: { result?: { metric: Record<string, string>; values?: [number, string][] }[] }
    }
    return (data?.result ?? []).map(
      ({ metric, values = [] }): SampledSeries => ({
        labels: metric,
        values: new Map(values.map(([at, value]) => [at, Number(value)])),
      }),
    )
  }
