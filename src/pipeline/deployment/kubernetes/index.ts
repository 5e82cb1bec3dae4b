// Manifests for `kubectl apply --server-side -f k8s/`, a file for each part.

import { type Alerting, folderOf, type Rules, receiverToken, secretsOfAlertmanager } from '../alerting'
import type { GeneratedFile } from '../generated-file'
import { prometheusOf } from '../hosts'
import type { Plan } from '../plan'
import { render } from '../render'
import { BUCKET_FILE, ENDPOINTS_FILE } from '../thanos'
import type { Section } from '../yaml-comments'
import { agent } from './agent'
import { alertmanagerStore } from './alertmanager'
import { certificates } from './certificates'
import { gateway } from './gateway'
import { jobs } from './jobs'
import { networkPolicies } from './network'
import { namespace } from './object'
import { receiverStore } from './receiver'
import { lokiStore, prometheusStore, tempoStore } from './stores'
import { thanos } from './thanos'

/** @param configs the configuration files of the profile, which become ConfigMaps with the rules */
export function kubernetesFiles(
  plan: Plan,
  alerting: Alerting,
  rules: Rules,
  configs: readonly GeneratedFile[],
  by: string,
): GeneratedFile[] {
  const text = (path: string): string => configs.find(config => config.path === path)!.content
  const byPath = (files: readonly GeneratedFile[]) =>
    Object.fromEntries(files.map(({ path, content }) => [path, content]))
  const file = (name: string, what: string, objects: Section[]): GeneratedFile => ({
    path: `k8s/${name}.yaml`,
    content: objects.map((object, n) => render(n === 0 ? `${what}\n${by}` : '', object)).join('---\n'),
  })
  const servers = [
    ...prometheusStore('high', plan, text('prometheus.yml'), byPath(rules.high), folderOf(receiverToken(alerting))),
    ...(plan.metrics === 'three'
      ? [
          ...prometheusStore('medium', plan, text('prometheus-medium.yml'), byPath(rules.medium)),
          ...prometheusStore('low', plan, text('prometheus-low.yml')),
        ]
      : []),
  ]
  return [
    file('00-namespace', 'The namespace of everything here, and who may talk to whom in it.', [
      namespace(),
      ...networkPolicies(plan),
    ]),
    ...(plan.tls.issuer === ''
      ? []
      : [file('certificates', 'Certificates of agents, gateways and Tempo, by cert-manager.', certificates(plan))]),
    file('agent', agentHeader, agent(plan, text('otel-collector-agent.yaml'))),
    file('gateway', gatewayHeader, gateway(plan, text('otel-collector.yaml'), by)),
    file('tempo', 'Tempo.', tempoStore(plan, text('tempo.yaml'), text('tempo-overrides.yaml'))),
    ...(plan.logs === 'loki' ? [file('loki', 'Loki.', lokiStore(plan, text('loki.yaml')))] : []),
    ...(plan.metrics === 'thanos'
      ? [
          file('prometheus', 'prometheus, and the sidecar that uploads its blocks.', servers),
          file(
            'thanos',
            'Thanos: the reader of the bucket, the compactor that makes the coarser resolutions and deletes, and the querier.',
            thanos(plan, text(BUCKET_FILE), text(ENDPOINTS_FILE)),
          ),
        ]
      : [file('prometheus', `${Object.values(prometheusOf).join(', ')}: a resolution each.`, servers)]),
    file(
      'alertmanager',
      'Alertmanager: two that tell each other what they have notified.',
      alertmanagerStore(plan, text('alertmanager.yml'), secretsOfAlertmanager(alerting)),
    ),
    ...(alerting.alerts.receiver
      ? [
          file(
            'alert-receiver',
            'afn-otel alerts serve: tickets, escalation, acknowledgement.',
            receiverStore(plan, alerting, by),
          ),
        ]
      : []),
    file('jobs', 'afn-otel jobs: what runs now and then.', jobs(plan, alerting, by)),
  ]
}

const agentHeader = `
Agents: a DaemonSet for the apps of each node, and a Deployment with the same configuration for what comes from outside of
the cluster. Kubernetes can't scale a DaemonSet, so the HorizontalPodAutoscaler is the Deployment's.
`

const gatewayHeader = `
Gateways: they hold undecided traces, so they are a StatefulSet that is scaled by hand. An autoscaler would move traces
from one to another while they are undecided, and split them.
`
