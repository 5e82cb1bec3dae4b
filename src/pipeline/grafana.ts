// Called by generate.ts: Grafana's data sources, one for each store that has a retention of its own.
import type { Resolution, TraceTier } from '../tiers'
import { tenant } from './exporters'
import { prometheusOf } from './hosts'
import type { Section } from './note'
import type { Plan } from './plan'

export function grafanaDatasources(plan: Plan): Section {
  const resolutions = (Object.keys(plan.retention.metrics) as Resolution[]).filter(
    resolution => resolution === 'high' || plan.metrics === 'three',
  )
  return {
    apiVersion: 1,
    datasources: [
      ...resolutions.map(resolution => ({
        name: `Prometheus ${resolution} (${plan.retention.metrics[resolution]} d)`,
        uid: `prometheus-${resolution}`,
        type: 'prometheus',
        access: 'proxy',
        url: `http://${prometheusOf[resolution]}:9090`,
        isDefault: resolution === 'high',
        jsonData: {
          exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: tenant('detailed') }],
        },
      })),
      ...(Object.keys(plan.retention.traces) as TraceTier[]).map(tier => ({
        name: `Tempo ${tier} (${plan.retention.traces[tier]} d)`,
        uid: tenant(tier),
        type: 'tempo',
        access: 'proxy',
        url: 'http://tempo:3200',
        ...ofTenant(tenant(tier)),
      })),
    ],
  }
}

const ofTenant = (name: string): Section => ({
  jsonData: { httpHeaderName1: 'X-Scope-OrgID' },
  secureJsonData: { httpHeaderValue1: name },
})
