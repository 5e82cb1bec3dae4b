// Chunk `redact-metrics`: redacts what a metric carries: attributes, description, the name of its scope.
import type { Attributes } from '@opentelemetry/api'
import type { DataPoint, MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics'
import type { Redactor } from '../../shared/redact'
import { isContentKey } from '../../shared/redact/content'
import { mergePoints } from '../delivery/merge-points'

/**
 * Keys that no series has: who it was would make each user a series, and a message is no dimension, whatever the
 * setting of content. Of others the values pass in which no detector finds something.
 */
const PERSONS = new Set([
  'user.id',
  'user.name',
  'user.email',
  'session.id',
  'session.previous_id',
  'enduser.id',
  'enduser.pseudo.id',
  'langfuse.user.id',
  'langfuse.session.id',
])

/**
 * Copies; the originals are the state from which the next export is made. Series that become alike are one.
 * @param allowed the user's list of keys: under these everything passes
 */
export function createMetricsRedactor(
  redactor: Redactor,
  allowed: readonly string[],
): (metrics: ResourceMetrics) => ResourceMetrics {
  // a series keeps its attributes object for life
  const known = new WeakMap<Attributes, Attributes>()

  function attributes(raw: Attributes): Attributes {
    const done = known.get(raw) ?? redactor.attributes(dimensions(raw))
    known.set(raw, done)
    return done
  }

  function dimensions(raw: Attributes): Attributes {
    const isNone = (key: string) => (PERSONS.has(key) || isContentKey(key)) && !allowed.includes(key)
    if (!Object.keys(raw).some(isNone)) return raw
    return Object.fromEntries(Object.entries(raw).filter(([key]) => !isNone(key)))
  }

  function metric(data: MetricData): MetricData {
    const raw = data.dataPoints as DataPoint<unknown>[]
    const points = raw.map(point => ({ ...point, attributes: attributes(point.attributes) }))
    const isChanged = points.some((point, i) => point.attributes !== raw[i]!.attributes)
    const description = data.descriptor.description && redactor.text(data.descriptor.description)
    return {
      ...data,
      descriptor: { ...data.descriptor, description },
      dataPoints: isChanged ? mergePoints(points, data.dataPointType) : points,
    } as MetricData
  }

  function scope(own: ScopeMetrics['scope']): ScopeMetrics['scope'] {
    const attributes = (own as { attributes?: Attributes }).attributes
    return {
      ...own,
      name: redactor.text(own.name),
      ...(own.version && { version: redactor.text(own.version) }),
      ...(attributes && { attributes: redactor.attributes(attributes) }),
    }
  }

  return ({ resource, scopeMetrics }) => ({
    resource,
    scopeMetrics: scopeMetrics.map(({ scope: own, metrics }) => ({
      scope: scope(own),
      metrics: metrics.map(metric),
    })),
  })
}
