// rules/afn-pipeline.yml: the alerts that watch the pipeline itself, as its plan needs them.
import type { AlertsConfig } from '../../monitoring/alerts/config'
import { pipelineRules } from '../../monitoring/pipeline-rules/rules'
import { ALERTMANAGERS } from './hosts'
import { jobsOf } from './jobs'
import { type Plan, prometheusDays } from './plan'
import type { Section } from './yaml-comments'

export function monitoringRules(plan: Plan, config: AlertsConfig): Section {
  const { profile, scale, langfuse, logs, metrics, retention, urls } = plan
  const { high, medium, low } = retention.metrics
  const isCluster = profile === 'cluster'
  return pipelineRules({
    collectors: isCluster ? scale.gateways : 1,
    langfuse,
    retentionDays: metrics === 'three' ? { high, medium, low } : { high: prometheusDays(plan, 'high') },
    logDays: logs === 'files' ? retention.logs : undefined,
    thanos: metrics === 'thanos',
    alertmanagers: isCluster ? ALERTMANAGERS : 1,
    scheduledJobs: jobsOf(plan),
    receiver: config.receiver !== undefined,
    changed: config.alerts,
    environment: config.environment,
    alertsUrl: urls.receiver,
    language: config.language,
  })
}
