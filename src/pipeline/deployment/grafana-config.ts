// Grafana's data sources, one for each store that has a retention of its own, and the boards that ask them.
import type { Account } from '../../monitoring/dashboards/budgets'
import {
  budgetFiles,
  cloudflareFiles,
  dashboardFiles,
  folders,
  ownDashboardFiles,
} from '../../monitoring/dashboards/files'
import type { OwnBoard } from '../../monitoring/dashboards/own/file'
import { type Resolution, resolutionSteps, type TraceTier } from '../../shared/tiers'
import { tenant } from './exporters'
import { prometheusOf } from './hosts'
import { MADE_BY, type Plan, prometheusDays } from './plan'
import { asThinned, QUERIER } from './thanos'
import { note, type Section } from './yaml-comments'

/** Time between two samples; what an app sends by OpenTelemetry's own default comes once a minute. */
const interval: Record<Resolution, string> = { high: '1m', ...resolutionSteps }

/** The data source that finds a trace in whichever tier has it. */
const everyTier = 'afn-every-tier'
const lokiUid = 'loki'

const resolutionsOf = (plan: Plan): Resolution[] =>
  (Object.keys(plan.retention.metrics) as Resolution[]).filter(
    resolution => resolution === 'high' || plan.metrics !== 'one',
  )

const keptBy = (plan: Plan) =>
  Object.fromEntries(resolutionsOf(plan).map(resolution => [resolution, plan.retention.metrics[resolution]]))
const madeBy = ({ profile }: Plan): string => `${MADE_BY}${profile}"`

/** The boards, each in each language. */
export const grafanaDashboards = (plan: Plan): { path: string; content: string }[] =>
  dashboardFiles(keptBy(plan), madeBy(plan))

/** Of a user's `monitoring-config.json`. */
export const ownDashboards = (
  plan: Plan,
  boards: readonly OwnBoard[],
  account: Account | undefined,
  hasCloudflare: boolean,
): { path: string; content: string }[] => [
  ...ownDashboardFiles(boards, keptBy(plan), madeBy(plan)),
  ...(account ? budgetFiles(account, keptBy(plan), madeBy(plan)) : []),
  ...(hasCloudflare ? cloudflareFiles(keptBy(plan), madeBy(plan)) : []),
]

/** Where Grafana finds them: a folder of its own for each language. */
export const grafanaProviders = (): Section => ({
  apiVersion: 1,
  providers: folders.map(({ path, title }) => ({
    name: title,
    folder: title,
    type: 'file',
    disableDeletion: false,
    allowUiUpdates: false,
    options: { path: `/etc/grafana/${path}` },
  })),
})

export function grafanaDatasources(plan: Plan): Section {
  const resolutions = resolutionsOf(plan)
  const tiers = Object.keys(plan.retention.traces) as TraceTier[]
  return {
    apiVersion: 1,
    datasources: [
      ...resolutions.map(resolution => ({
        name: `Prometheus ${resolution} (${prometheusDays(plan, resolution)} d)`,
        uid: `prometheus-${resolution}`,
        type: 'prometheus',
        access: 'proxy',
        url: `http://${plan.metrics === 'thanos' && resolution !== 'high' ? QUERIER : prometheusOf[resolution]}:9090`,
        isDefault: resolution === 'high',
        jsonData: {
          timeInterval: note('interval of the samples: $__rate_interval is four times this', interval[resolution]),
          ...(plan.metrics === 'thanos' && resolution !== 'high' && { customQueryParameters: asThinned(resolution) }),
          // a thinned series has those of its last sample alone, if any
          ...(resolution === 'high' && {
            exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: everyTier }],
          }),
        },
      })),
      {
        name: note(
          "Finds a trace in any tier that still has it. Don't use it for metrics: they would count a trace once for each tier.",
          'Tempo, a trace by its id',
        ),
        uid: everyTier,
        type: 'tempo',
        access: 'proxy',
        url: 'http://tempo:3200',
        ...ofTenant(tiers.map(tenant).join('|'), plan),
      },
      ...tiers.map(tier => ({
        name: `Tempo ${tier} (${plan.retention.traces[tier]} d)`,
        uid: tenant(tier),
        type: 'tempo',
        access: 'proxy',
        url: 'http://tempo:3200',
        ...ofTenant(tenant(tier), plan),
      })),
      ...(plan.logs === 'loki' ? [loki()] : []),
    ],
  }
}

/** Its classes are the values of a label. A dollar sign is doubled: else Grafana takes it for a variable of its environment. */
const loki = (): Section => ({
  name: 'Loki, log records',
  uid: lokiUid,
  type: 'loki',
  access: 'proxy',
  url: 'http://loki:3100',
  jsonData: {
    derivedFields: [
      {
        name: 'trace_id',
        matcherType: 'label',
        matcherRegex: 'trace_id',
        url: '$${__value.raw}',
        urlDisplayLabel: 'Trace',
        datasourceUid: everyTier,
      },
    ],
  },
})

/** From a span to the records of its trace, of any class. */
const toLogs = (): Section => ({
  datasourceUid: lokiUid,
  spanStartTimeShift: '-5m',
  spanEndTimeShift: '5m',
  tags: [{ key: 'service.name', value: 'service_name' }],
  customQuery: true,
  query: '{$${__tags}} | trace_id="$${__trace.traceId}"',
})

const ofTenant = (name: string, { logs }: Plan): Section => ({
  jsonData: { httpHeaderName1: 'X-Scope-OrgID', ...(logs === 'loki' && { tracesToLogsV2: toLogs() }) },
  secureJsonData: { httpHeaderValue1: name },
})
