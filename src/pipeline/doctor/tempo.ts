// Tempo: its version, its tenants, and how long it keeps what each has.
// https://grafana.com/docs/tempo/latest/api_docs/
import { parse } from 'yaml'
import { parseDuration } from '../../shared/durations'
import type { TraceTier } from '../../shared/tiers'
import { tenant } from '../deployment/exporters'
import type { Plan } from '../deployment/plan'
import { type Endpoint, placeOf, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { clockCheck } from './clock'
import { spanOfSeconds } from './durations-text'
import { type Answered, ask, objectIn, type Silent } from './probe-request'
import { compareVersions } from './version'

const { holds, fails, skips } = checksOf('Tempo')
const oldest = '3.0'

export async function tempoChecks(env: NodeJS.ProcessEnv, { retention }: Plan): Promise<Check[]> {
  const place = placeOf(env, ['AFN_TEMPO_URL', 'AFN_LOCAL_URL'], 'http://localhost:3200')
  const { AFN_TEMPO_URL, AFN_LOCAL_TOKEN: token } = env
  // an `afn-otel up` may want it; nobody else is to have it
  const headers: Record<string, string> = token && !AFN_TEMPO_URL ? { authorization: `Bearer ${token}` } : {}
  const build = await ask(`${place.url}/api/status/buildinfo`, { headers })
  if ('silent' in build) return [silence('Tempo', 'reachable', place, build)]
  const { version, goVersion, product } = objectIn(build.body)
  if (product === 'afn-otel') return [holds('reachable', `afn-otel up ${version} at ${place.url}, instead of Tempo`)]
  if (goVersion === undefined) return [stranger('Tempo', 'reachable', place, `HTTP ${build.status}`)]
  const tiers = Object.entries(retention.traces) as [TraceTier, number][]
  const [alone, overrides, config, ...answers] = await Promise.all([
    ask(newest(place)),
    ask(`${place.url}/status/runtime_config`),
    ask(`${place.url}/status/config`),
    ...tiers.map(([tier]) => ask(newest(place), { headers: { 'x-scope-orgid': tenant(tier) } })),
  ])
  return [
    holds('reachable', place.url),
    versionCheck(String(version ?? '')),
    ...clockCheck('Tempo', build),
    tenancy(alone!),
    ...tiers.map(([tier], at) => tenantCheck(tenant(tier), answers[at]!)),
    retentionCheck(tiers, yamlIn(overrides!), yamlIn(config!)),
  ]
}

/** A search over the last minute, which costs next to nothing. */
function newest({ url }: Endpoint): string {
  const now = Math.floor(Date.now() / 1_000)
  return `${url}/api/search?limit=1&start=${now - 60}&end=${now}`
}

function versionCheck(version: string): Check {
  const order = compareVersions(version, oldest)
  if (order === undefined) return skips('version', 'unknown')
  return order < 0
    ? fails('version', `${version} is older than ${oldest}, which the generated tempo.yaml requires; update it`)
    : holds('version', version)
}

function tenancy(answer: Answered | Silent): Check {
  if ('silent' in answer) return fails('multi-tenancy', `a search without a tenant: ${answer.silent}`)
  if (answer.status === 401) return holds('multi-tenancy', 'on')
  return fails(
    'multi-tenancy',
    `off (a search without a tenant returned ${answer.status}): all traces have the same retention, and each tier shows all traces; set multitenancy_enabled: true, as in the tempo.yaml from afn-otel generate`,
  )
}

function tenantCheck(name: string, answer: Answered | Silent): Check {
  if ('status' in answer && answer.status === 200) return holds(name, 'answers')
  const reason = 'silent' in answer ? answer.silent : `${answer.status}: ${answer.body.trim().slice(0, 200)}`
  return fails(name, `search failed (${reason}); see Tempo's log`)
}

interface Limits {
  readonly compaction?: { readonly block_retention?: string }
}

function retentionCheck(
  tiers: readonly [TraceTier, number][],
  runtime: object | undefined,
  config: object | undefined,
) {
  if (!runtime) return skips('retention', 'unknown: it does not expose its limits (/status/runtime_config)')
  const { overrides = {} } = runtime as { overrides?: Record<string, Limits> | null }
  const general = (config as { backend_worker?: Limits } | undefined)?.backend_worker?.compaction?.block_retention
  const wrong = tiers.flatMap(([tier, days]) => {
    const kept = overrides?.[tenant(tier)]?.compaction?.block_retention ?? general
    const seconds = parseDuration(kept ?? '')
    if (seconds === days * 86_400) return []
    return `${tenant(tier)} retains ${seconds === undefined ? 'for an unknown time' : spanOfSeconds(seconds)}, not ${days} d`
  })
  return wrong.length === 0
    ? holds('retention', tiers.map(([tier, days]) => `${tier} ${days} d`).join(', '))
    : fails(
        'retention',
        `${wrong.join('; ')}; use the tempo-overrides.yaml from afn-otel generate, or change pipeline.retention.traces in the settings file`,
      )
}

/** The status pages are YAML below a line that says the path. */
function yamlIn(answer: Answered | Silent): object | undefined {
  if ('silent' in answer || answer.status !== 200) return undefined
  try {
    const value: unknown = parse(answer.body.replace(/^GET [^\n]*\n---\n/, ''))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
