// The files of SLOs, and whether the histograms of latency SLOs can be rated: an SLO "within 2 s" needs a bucket edge at 2 s, and without
// it no request counts.
import path from 'node:path'
import { estimateOf } from '../../monitoring/slo/estimated-edge'
import { readSloFiles } from '../../monitoring/slo/files'
import { seriesOfEdge } from '../../monitoring/slo/queries'
import type { LatencySli, Slo } from '../../monitoring/slo/spec'
import type { Settings } from '../../shared/config/settings'
import { sloFiles } from '../../shared/config/slo-files'
import { placeOf } from './addresses'
import { type Check, checksOf } from './check'
import { ask, objectIn } from './probe-request'

const { holds, fails, skips } = checksOf('SLOs')

/** Mistakes that are shown; `afn-otel slo check` shows all. */
const MOST_MISTAKES = 5

export async function sloChecks(
  settings: Pick<Settings, 'sloFiles'>,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Check[]> {
  const files = sloFiles(settings, cwd)
  const { slos, mistakes } = readSloFiles(files)
  const url = placeOf(env, ['AFN_PROMETHEUS_URL', 'AFN_PROMETHEUS'], 'http://localhost:9090').url
  const edges = slos.flatMap(slo => (slo.sli.kind === 'latency' ? [edgeCheck(url, slo, slo.sli)] : []))
  return [fileCheck(files, cwd, slos, mistakes), ...(await Promise.all(edges))]
}

function fileCheck(
  files: readonly string[],
  cwd: string,
  slos: readonly Slo[],
  mistakes: ReturnType<typeof readSloFiles>['mistakes'],
): Check {
  if (files.length === 0)
    return skips(
      'file',
      `no slo.yaml in ${cwd}, using the ${slos.length} built-in SLOs; for another file, set AFN_SLO_FILE`,
    )
  const shown = (file: string) => path.relative(cwd, file)
  if (mistakes.length === 0) return holds('file', `${slos.length} in ${files.map(shown).join(', ')}`)
  const said = mistakes
    .slice(0, MOST_MISTAKES)
    .map(({ file, line, column, message }) => `${shown(file)}:${line}:${column}: ${message}`)
  const more =
    mistakes.length > MOST_MISTAKES ? `; for ${mistakes.length - MOST_MISTAKES} more, run afn-otel slo check` : ''
  return fails('file', `${said.join('; ')}${more}`)
}

async function edgeCheck(url: string, { id }: Slo, sli: LatencySli): Promise<Check> {
  const name = `edge of ${id}`
  const { all, edge, native } = seriesOfEdge(sli)
  const [classic, atEdge, asNative] = await Promise.all([all, edge, native].map(series => jobsOf(url, series)))
  if (!classic || !atEdge || !asNative) return skips(name, 'the query to Prometheus failed')
  const { metric, threshold } = sli
  if (metric.type === 'native') {
    if (asNative.length > 0) return holds(name, `${metric.name} is a native histogram, which needs no bucket edge`)
    return classic.length > 0
      ? fails(name, `${metric.name} is not a native histogram in Prometheus; remove native: true from the SLO`)
      : skips(name, nothingYet(metric.name))
  }
  const without = classic.filter(job => !atEdge.includes(job))
  const estimate = estimateOf(metric, threshold)
  if (without.length > 0 && estimate)
    return holds(
      name,
      `${metric.name} of ${without.join(', ')} has no bucket edge at ${threshold} ${metric.unit}: estimated between ${estimate.lower} and ${estimate.upper} ${metric.unit}; for exact counts, set AFN_SLO_FILE to the file of the SLO in that app and restart it`,
    )
  if (without.length > 0)
    return fails(
      name,
      `${metric.name} of ${without.join(', ')} has no bucket edge at ${threshold} ${metric.unit}, so no events are counted; set AFN_SLO_FILE to the file of the SLO in that app and restart it, or choose a threshold that is an edge`,
    )
  if (classic.length > 0) return holds(name, `at ${threshold} ${metric.unit}, of ${classic.join(', ')}`)
  return asNative.length > 0
    ? fails(name, `${metric.name} is a native histogram in Prometheus; add native: true to the SLO`)
    : skips(name, nothingYet(metric.name))
}

const nothingYet = (metric: string): string => `Prometheus has no recent data for ${metric}`

/** Of the series that there are now, which services have some; undefined without an answer. */
async function jobsOf(url: string, series: string): Promise<string[] | undefined> {
  if (!URL.canParse(url)) return undefined
  const answer = await ask(`${url}/api/v1/query?query=${encodeURIComponent(`group by (job) (${series})`)}`)
  if ('silent' in answer || answer.status !== 200) return undefined
  const { data } = objectIn(answer.body) as { data?: { result?: { metric: { job?: string } }[] } }
  return data?.result?.map(({ metric }) => metric.job ?? 'unnamed').sort()
}
