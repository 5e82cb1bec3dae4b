// What the second line of redaction had to mask is counted. With `telemetry.distro.name` of ours it
// is what the first line let through, of which the objective is none.
import { ATTR_AFN_REDACTION_PLACE, METRIC_AFN_REDACTION_LEAKS } from '../../../semconv'
import type { Legs } from './collector-sections'
import { dated, datedNow } from './cumulative-counters'
import { note, type Section } from './yaml-comments'

/** The connector that pipelines with redacted records have among their exporters. */
export const leakCount = 'count/leaks'

export function leakLegs(): Legs {
  return {
    processors: {
      ...datedNow(),
      'interval/leaks': note('For Prometheus, several counts in one millisecond would be duplicates.', {
        interval: '15s',
      }),
    },
    exporters: {},
    connectors: {
      [leakCount]: note(
        'For the objective of redaction: counts leaks in spans of this SDK (telemetry.distro.name), of which there should be none.',
        counts(),
      ),
    },
    pipelines: {
      'metrics/leaks': {
        receivers: [leakCount],
        processors: [dated, 'delta_to_cumulative', 'interval/leaks'],
        exporters: ['otlp_http/prometheus-high'],
      },
    },
  }
}

function counts(): Section {
  const counted = (place: string, ...keys: string[]): Section => ({
    [METRIC_AFN_REDACTION_LEAKS]: {
      description: 'Spans, events and log records in which the second line of redaction masked something.',
      conditions: [keys.map(key => `attributes["${key}"] != nil`).join(' or ')],
      attributes: [
        { key: 'telemetry.distro.name', default_value: 'none' },
        { key: ATTR_AFN_REDACTION_PLACE, default_value: place },
      ],
    },
  })
  return {
    spans: counted('span', 'redaction.masked.count'),
    spanevents: counted('event', 'redaction.masked.count'),
    logs: counted('log', 'redaction.masked.count', 'redaction.body.masked.count'),
  }
}
