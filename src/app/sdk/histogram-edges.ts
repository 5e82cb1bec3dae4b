// A latency SLO counts the calls that took no longer than its threshold. A histogram can answer that only where the threshold is a
// boundary of its buckets. So the thresholds of the app's own files are added to the boundaries that an instrument advises, and without
// such a file there is none that another service lacks: sums by `le` over both would not rise from one boundary to the next.
// A view would have to know these, and would make a second stream next to that of the app's own view.
import type { Meter, MeterProvider, MetricOptions } from '@opentelemetry/api'
import type { Edges } from '../../monitoring/slo/edges'
import { workingDirectory } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { sloFiles } from '../../shared/config/slo-files'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'

const none: Edges = () => []

/** What OpenTelemetry's SDK makes of an instrument that advises no boundaries. */
const unadvised: readonly number[] = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000]

/** Reads the SLO files, where there are any. What is wrong with them is a diagnostic; what is right counts. */
export function edgesOf(settings: Pick<Settings, 'sloFiles'>): Edges {
  try {
    const files = sloFiles(settings, workingDirectory())
    if (files.length === 0) return none
    return loadChunk('slo').edgesIn(files, loadChunk('yaml'), message => report('AFN138', message))
  } catch (error) {
    report('AFN138', `the SLO files could not be read (${reason(error)}); correct AFN_SLO_FILE`)
    return none
  }
}

const widened = new WeakSet<Meter>()

/**
 * Adds the boundaries to those that each histogram of the provider advises, whoever creates it.
 * @returns the same provider
 */
export function withEdges<P extends MeterProvider>(provider: P, edges: Edges): P {
  const getMeter = provider.getMeter.bind(provider)
  provider.getMeter = (...scope) => {
    const meter = getMeter(...scope)
    // a provider gives the same meter for the same scope
    if (widened.has(meter)) return meter
    widened.add(meter)
    const createHistogram = meter.createHistogram.bind(meter)
    meter.createHistogram = (name, options) => createHistogram(name, withEdgesOf(edges, name, options))
    return meter
  }
  return provider
}

function withEdgesOf(edges: Edges, name: unknown, options: MetricOptions | undefined): MetricOptions | undefined {
  const added = typeof name === 'string' ? edges(name, String(options?.unit ?? '')) : []
  const advised = options?.advice?.explicitBucketBoundaries ?? unadvised
  // what is no list of numbers is for OpenTelemetry to refuse
  if (added.length === 0 || !Array.isArray(advised)) return options
  const boundaries = [...new Set([...advised, ...added])].sort((a, b) => a - b)
  return { ...options, advice: { ...options?.advice, explicitBucketBoundaries: boundaries } }
}
