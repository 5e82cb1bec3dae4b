// rules/afn-pipeline.yml: the alerts that watch the pipeline itself, as its plan needs them.
import { pipelineRules } from '../monitoring/rules'
import { ALERTMANAGERS } from './kubernetes/alertmanager'
import type { Plan } from './plan'
import type { Section } from './yaml-comments'

/** Seconds between two runs of what the pipeline starts by itself; one host starts the watch over budgets alone. */
export const schedules = { 'cost-budget': 60, reconcile: 600, 'langfuse-janitor': 86_400 } as const

export function monitoringRules(
  { profile, scale, langfuse, metrics, retention, alerts }: Plan,
  hasReceiver: boolean,
): Section {
  const { high, medium, low } = retention.metrics
  const isCluster = profile === 'cluster'
  const started = ['cost-budget', ...(isCluster ? ['reconcile', ...(langfuse ? ['langfuse-janitor'] : [])] : [])]
  const jobs = Object.entries(schedules).map(([name, seconds]) => ({ name, seconds }))
  return pipelineRules({
    collectors: isCluster ? scale.gateways : 1,
    langfuse,
    retentionDays: metrics === 'three' ? { high, medium, low } : { high },
    alertmanagers: isCluster ? ALERTMANAGERS : 1,
    scheduledJobs: jobs.filter(({ name }) => started.includes(name)),
    receiver: hasReceiver,
    alertsUrl: alerts.url,
  })
}
