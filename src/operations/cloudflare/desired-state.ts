// The resources that `afn-otel cloudflare apply` creates in a zone and its account.
import type { Client } from './client'
import type { ConfiguredCheck } from './config'
import { destinationName, destinations } from './destinations'
import { healthChecks } from './health-checks'
import { pagesProjects } from './pages'
import { type Group, group } from './plan'
import { availableAlerts, policies, type WantedPolicy } from './policies'
import type { ZoneAndAccount } from './scopes'
import { webAnalytics } from './web-analytics'
import { webhookName, webhooks, whyNoWebhooks } from './webhooks'
import type { Zone } from './zone'

export interface Setup {
  /** Letters, digits, hyphens and underscores. */
  readonly service: string
  readonly healthChecks: readonly ConfiguredCheck[]
  /** A secret: the webhook of a Discord channel. */
  readonly discordWebhookUrl?: string
  /** E-mail addresses for notifications. */
  readonly emails: readonly string[]
  readonly webAnalytics: boolean
  /** Pages projects whose failed deployments trigger notifications. */
  readonly pages: readonly string[]
  /** Where Workers send traces and logs. The headers are secrets. */
  readonly otlp?: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> }
}

/**
 * @param setup undefined to remove everything
 * @returns groups in the order of their dependencies
 * @throws ApiError
 */
export async function groupsOf(
  client: Client,
  place: ZoneAndAccount,
  zone: Zone,
  service: string,
  setup?: Setup,
): Promise<Group[]> {
  const available = await availableAlerts(client, place)
  const projects = await pagesProjects(client, place, setup?.pages ?? [])
  const checks = (setup?.healthChecks ?? []).map(check => ({ ...check, name: `afn-otel-${service}-${check.name}` }))
  const channels = setup?.discordWebhookUrl
    ? [{ name: webhookName(service, 'discord', setup.discordWebhookUrl), url: setup.discordWebhookUrl }]
    : []
  const { emails = [], otlp } = setup ?? {}
  const noWebhooks = channels.length > 0 ? await whyNoWebhooks(client, place) : undefined
  // an account without webhooks gets notifications only by e-mail
  const to = { webhooks: noWebhooks !== undefined && emails.length > 0 ? [] : channels.map(({ name }) => name), emails }
  const all = [
    ...alertsOf(
      service,
      place,
      checks.map(({ name }) => name),
    ),
    ...ofPages(service, projects),
  ]
  const alerts = setup && channels.length + emails.length > 0 ? all.map(alert => ({ ...alert, ...to })) : []
  const signals = otlp ? (['traces', 'logs'] as const) : []
  return [
    group(webAnalytics(client, place), setup?.webAnalytics ? [{ name: zone.name }] : []),
    group(
      destinations(client, place, service),
      signals.map(signal => ({
        name: destinationName(service, signal),
        signal,
        url: `${otlp!.endpoint.replace(/\/+$/, '')}/v1/${signal}`,
        headers: otlp!.headers,
      })),
    ),
    group(webhooks(client, place, service, noWebhooks), channels),
    group(healthChecks(client, place, service, zone.plan), checks),
    group(policies(client, place, service, available), alerts),
  ]
}

/**
 * Alerts on availability, error rate and Cloudflare incidents. Cloudflare has none on the response times of a zone; AfnCloudflareSlow
 * covers them.
 */
const alertsOf = (service: string, { zoneId }: ZoneAndAccount, checks: readonly string[]): WantedPolicy[] => [
  ...(checks.length === 0
    ? []
    : [
        {
          name: `afn-otel ${service} health`,
          alertType: 'health_check_status_notification',
          healthChecks: checks,
          filters: { status: ['Unhealthy', 'Healthy'] },
          instead: 'the monitoring Worker',
        },
      ]),
  {
    name: `afn-otel ${service} origin errors`,
    alertType: 'http_alert_origin_error',
    filters: { zones: [zoneId], slo: ['99.9'] },
    instead: 'the alert AfnCloudflareErrors',
  },
  {
    name: `afn-otel ${service} edge errors`,
    alertType: 'http_alert_edge_error',
    filters: { zones: [zoneId], slo: ['99.9'] },
    instead: 'the alert AfnCloudflareErrors',
  },
  {
    name: `afn-otel ${service} origin unreachable`,
    alertType: 'real_origin_monitoring',
    instead: 'the monitoring Worker',
  },
  {
    name: `afn-otel ${service} incidents of Cloudflare`,
    alertType: 'incident_alert',
    filters: { incident_impact: ['INCIDENT_IMPACT_MAJOR', 'INCIDENT_IMPACT_CRITICAL'] },
  },
]

/** @param projects name → id */
const ofPages = (service: string, projects: ReadonlyMap<string, string>): WantedPolicy[] =>
  projects.size === 0
    ? []
    : [
        {
          name: `afn-otel ${service} Pages`,
          alertType: 'pages_event_alert',
          filters: {
            project_id: [...projects.values()],
            environment: ['ENVIRONMENT_PRODUCTION'],
            event: ['EVENT_DEPLOYMENT_FAILED'],
          },
        },
      ]
