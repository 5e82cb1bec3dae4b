// Which backends a command of cost queries: Prometheus for all that was spent, traces for the dimensions that only they have.
import type { CostConfig, Dimension, Scope } from '../../operations/cost/config'
import { remembering, type SpendSource } from '../../operations/cost/spend'
import { prometheusSpend } from '../../operations/cost/spend-from-prometheus'
import { tracesSpend } from '../../operations/cost/spend-from-traces'
import { planOf } from '../../pipeline/deployment/plan'
import { type Backend, getJson, httpUrl } from '../../shared/queries/http'
import { isLocal, localUrl, tokenHeader } from '../local/backend'
import type { Options } from '../options'
import { pipelineSettings } from '../pipeline-settings'

export const sourceOptions = {
  prometheus: {
    type: 'string',
    multiple: true,
    argument: 'URL',
    help: 'source of the cost of all calls; repeat for each resolution, finest first',
    otherwise: 'AFN_PROMETHEUS_URL, AFN_PROMETHEUS_MEDIUM, AFN_PROMETHEUS_LOW; without one, queries traces',
  },
  tempo: {
    type: 'string',
    argument: 'URL',
    help: 'Tempo or afn-otel up; the only source of cost by user and feature',
    otherwise: 'AFN_TEMPO_URL, else AFN_LOCAL_URL, else http://127.0.0.1:3200',
  },
} as const satisfies Options

interface SourceValues {
  readonly prometheus?: string[] | undefined
  readonly tempo?: string | undefined
}

export interface Sources {
  /** The one that knows all of these dimensions, metrics where they do. @throws BackendError */
  knowing(dimensions: readonly Dimension[]): Promise<SpendSource>
  readonly traces: Backend
  /** Answers PromQL: the finest Prometheus, else the `afn-otel up` from which traces come. Undefined for Tempo. @throws BackendError */
  counters(): Promise<Backend | undefined>
}

/** @param asked where traces come from, instead of what options and variables name @throws Error when a URL is none */
export function sourcesOf(values: SourceValues, config: CostConfig, asked?: Backend): Sources {
  const { AFN_PROMETHEUS_URL: high, AFN_PROMETHEUS_MEDIUM: medium, AFN_PROMETHEUS_LOW: low } = process.env
  const urls = values.prometheus ?? (high ? [high, medium, low].filter(url => url !== undefined && url !== '') : [])
  const metrics = urls.map(url => backendOf('Prometheus', url!, '--prometheus URL (or AFN_PROMETHEUS_URL)'))
  const tempo = values.tempo ?? (process.env.AFN_TEMPO_URL || localUrl())
  const traces = asked ?? backendOf('Tempo', tempo, '--tempo URL (or AFN_TEMPO_URL)')
  const counted = once(async () => remembering(await prometheusSpend(metrics)))
  const traced = once(async () => {
    const { featureAttribute } = config
    return remembering(tracesSpend({ backend: traces, featureAttribute, keptDays: await keptDays(traces) }))
  })

  return {
    traces,
    counters: async () => metrics[0] ?? ((await isLocal(traces)) ? traces : undefined),
    knowing(dimensions) {
      const needsTraces = dimensions.some(dimension => dimension === 'user' || dimension === 'feature')
      return !needsTraces && metrics.length > 0 ? counted() : traced()
    },
  }
}

/** What an answer about the time from `start` on (milliseconds since 1970) has to say of what its source has lost. */
export async function gapNotes(source: SpendSource, start: number): Promise<string[]> {
  const known = await source.knownSince(Date.now())
  return known > start ? [`${source.name} has no cost data before ${new Date(known).toISOString()}`] : []
}

/** What it made, the next time; what failed is tried again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch(error => {
      made = undefined
      throw error
    })
    return made
  }
}

export const dimensionsOf = (scope: Scope): Dimension[] => Object.keys(scope) as Dimension[]

function backendOf(name: 'Prometheus' | 'Tempo', url: string, setBy: string): Backend {
  const base = httpUrl(url, `correct ${setBy}`).replace(/\/+$/, '')
  return { name, url: base, setBy, ...(name === 'Tempo' && { headers: tokenHeader() }) }
}

async function keptDays(backend: Backend): Promise<number> {
  if (!(await isLocal(backend))) return planOf('single', pipelineSettings()).retention.traces.detailed
  const { kept } = (await getJson(backend, 'api/afn/stats', {})) as { kept?: { traces?: { detailed?: number } } | null }
  return kept?.traces?.detailed ?? Number.POSITIVE_INFINITY
}
