// `afn-otel query`: sends Tempo or Prometheus a query of the catalogue, or one that the user writes.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { planOf } from '../pipeline/deployment/plan'
import { queryNamed, readCatalogue } from '../shared/queries/catalogue'
import { exploreLink } from '../shared/queries/grafana'
import { type Backend, httpUrl } from '../shared/queries/http'
import { kindOf, languageOf } from '../shared/queries/language'
import { localTime } from '../shared/queries/local-time'
import { largestFirst, orderedAmong } from '../shared/queries/order'
import { askPrometheus } from '../shared/queries/prometheus-api'
import type { Query } from '../shared/queries/query'
import type { FoundTrace, QueryResult } from '../shared/queries/query-result'
import { show } from '../shared/queries/show'
import { substitute } from '../shared/queries/substitute'
import { askTempo } from '../shared/queries/tempo'
import { chooseTenants, tenantKeeping } from '../shared/queries/tenants'
import { rateSeconds, secondsOf, type TimeRange, windowSince } from '../shared/queries/window'
import type { Retention } from '../shared/tiers'
import { answering, prometheusOf } from './backends'
import { helpOption, print } from './help'
import { isLocal, localUrl, tokenHeader } from './local/backend'
import { limitOf } from './option-values'
import { folded } from './options'
import { packageRoot } from './package-root'
import { page } from './pager'
import { pipelineSettings } from './pipeline-settings'
import { help, list, options, parametersOf } from './query/help'
import { json } from './terminal'

/** Traces or groups of one answer. */
const MOST_FOUND = 99_999

/**
 * @param args what follows `afn-otel query`
 * @returns 0 when there is an answer, an empty one too; 1 when the backend is not there or refuses
 * @throws Error for what the user can mend in the command; main.ts makes 2 of it
 */
export async function query(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  const catalogue = readCatalogue(path.join(packageRoot(__dirname), 'collector/queries'))
  const [nameOrText, more] = positionals
  if (values.help) return print(help)
  if (values.list)
    return page(nameOrText === undefined ? list(catalogue) : parametersOf(queryNamed(catalogue, nameOrText)))
  if (nameOrText === undefined) throw new Error(`query needs a name or a query\n\n${help}`)
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; quote the query`)

  const question = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(nameOrText) ? queryNamed(catalogue, nameOrText) : written(nameOrText)
  const { retention } = planOf('single', pipelineSettings())
  const longest = Math.max(...Object.values(retention.traces), ...Object.values(retention.metrics))
  const window = windowSince(values.since, new Date(), longest)
  const limit = limitOf(values.limit, MOST_FOUND)
  const builtIns = { since: `${secondsOf(window)}s`, rate: `${rateSeconds(window)}s` }
  const text = substitute(question, keyed(values.param ?? []), builtIns)
  const { tenants, notes } = tenantsOf(question, values.tier, window, retention)
  const backend = backendOf(question, values)
  return answering('query', async () => {
    const answer = await ask({ question, text, tenants, window, limit, backend })
    const linked = withLinks(answer.shown, tenants, values.grafana || process.env.AFN_GRAFANA, retention)
    const said = [...notes, ...answer.notes]
    if (values.json) {
      const { name, language, kind } = question
      const sent = { query: name || null, language, text, backend: backend.url, tenants, ...times(window), limit }
      return print(json({ ...sent, ...linked, notes: said, kind }, 2))
    }
    const { start, end } = window
    const about = `${[backend.name, ...tenants].join(' ')}, ${localTime(start * 1_000)} to ${localTime(end * 1_000)}`
    for (const line of [about, ...said.map(note => `note: ${note}`)]) console.error(folded(line))
    return page(show(linked).join('\n') || 'nothing found')
  })
}

/** What the user wrote, as if it were of the catalogue. Nothing in it is replaced. */
function written(text: string): Query {
  const language = languageOf(text)
  const tiers =
    language === 'traceql' ? (['detailed', 'sampled', 'errors'] as const) : (['high', 'medium', 'low'] as const)
  const known = { language, kind: kindOf(text, language), tiers, body: text }
  return { name: '', title: '', question: '', parameters: [], order: undefined, note: undefined, ...known }
}

function keyed(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(pair => {
      const at = pair.indexOf('=')
      if (at < 1) throw new Error(`--param takes NAME=VALUE, not "${pair}"`)
      return [pair.slice(0, at).replace(/^\$/, ''), pair.slice(at + 1)]
    }),
  )
}

function tenantsOf({ language, kind, tiers }: Query, tier: string, window: TimeRange, { traces }: Retention) {
  if (language === 'traceql') return chooseTenants(tier, tiers, kind !== 'traces', window, traces)
  if (tier !== 'all')
    throw new Error(`--tier applies to traces only; a PromQL query goes to the server in --prometheus`)
  return { tenants: [], notes: [] }
}

function backendOf({ language }: Query, named: { tempo?: string; prometheus?: string }): Backend {
  if (language === 'promql') return prometheusOf(named.prometheus)
  const url = httpUrl(named.tempo || process.env.AFN_TEMPO_URL || localUrl())
  const setBy = '--tempo URL (or AFN_TEMPO_URL)'
  return { name: 'Tempo', url, setBy, ...(url === localUrl() && { headers: tokenHeader() }) }
}

interface QueryRequest {
  readonly question: Query
  readonly text: string
  readonly tenants: readonly string[]
  readonly window: TimeRange
  readonly limit: number
  readonly backend: Backend
}

async function ask({ question, text, tenants, window, limit, backend }: QueryRequest) {
  const { language, kind, order, note } = question
  const fetched = order === undefined ? limit : Math.max(limit, orderedAmong)
  const answer =
    language === 'traceql'
      ? await askTempo(backend, { text, kind, tenants, window, limit: fetched })
      : await askPrometheus(backend, { text, kind, window })
  const notes = note === undefined ? [] : [note]
  if (answer.kind !== 'traces') notes.push(...(answer.notes ?? []))
  else {
    const { length } = answer.traces
    if (length === 0 && !(await isLocal(backend)))
      notes.push('spans of the last 30 seconds are not searchable yet (query_end_cutoff of Tempo)')
    if (length >= fetched)
      notes.push(
        order === undefined
          ? `there may be more than ${limit} (--limit)`
          : `the largest of ${fetched} traces; a range this long may contain larger ones (--since)`,
      )
    else if (length > limit) notes.push(`the first ${limit} of ${length} (--limit)`)
  }
  const { valued, without } = withValues(answer)
  if (without > 0)
    notes.push(`${without} ${without === 1 ? 'row has' : 'rows have'} no value in this time range; omitted`)
  return { shown: largestFirst(valued, order, limit), notes }
}

/** A ratio or a quantile of nothing is NaN, which is no answer. */
function withValues(answer: QueryResult): { valued: QueryResult; without: number } {
  if (answer.kind === 'traces') return { valued: answer, without: 0 }
  if (answer.kind === 'instant') {
    const groups = answer.groups.filter(({ value }) => !Number.isNaN(value))
    return { valued: { ...answer, groups }, without: answer.groups.length - groups.length }
  }
  const series = answer.series.filter(({ samples }) => samples.some(([, value]) => !Number.isNaN(value)))
  return { valued: { ...answer, series }, without: answer.series.length - series.length }
}

function withLinks(
  answer: QueryResult,
  tenants: readonly string[],
  grafana: string | undefined,
  { traces }: Retention,
): QueryResult {
  if (answer.kind !== 'traces' || !grafana) return answer
  const linked = (trace: FoundTrace) => {
    const start = Math.floor(Date.parse(trace.start) / 1_000)
    const around = { start: start - 60, end: start + Math.ceil(trace.durationMs / 1_000) + 60 }
    const datasource = tenantKeeping(tenants, new Date(trace.start), new Date(), traces) ?? ''
    return { ...trace, url: exploreLink(grafana, datasource, trace.traceId, around) }
  }
  return { ...answer, traces: answer.traces.map(linked) }
}

function times({ start, end }: TimeRange): { start: string; end: string } {
  const iso = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000', '')
  return { start: iso(start), end: iso(end) }
}
