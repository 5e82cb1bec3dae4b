// Who may talk to whom. A pod that a policy selects takes nothing else; each pod of ours has one. Others in
// the namespace, such as a Grafana of the operator's, are left alone.

import { alertmanagerPort, RECEIVER_PORT } from '../alerting'
import { GATEWAY_PORT } from '../trusted-hop'
import { note, type Section } from '../yaml-comments'
import { GOSSIP_PORT } from './alertmanager'
import { labelsOf, object } from './object'

const servers = ['prometheus', 'prometheus-medium', 'prometheus-low'] as const

export const networkPolicies = (): Section[] => [
  allow('otel-agent', [
    [note('apps of every namespace', [{ namespaceSelector: {} }]), [4317, 4318, 4319]],
    [ours('prometheus'), [8888]],
  ]),
  allow('otel-agent-edge', [
    [[{ namespaceSelector: {} }], [4317, 4318, 4319]],
    [ours('prometheus'), [8888]],
  ]),
  allow('otel-gateway', [
    [ours('otel-agent', 'otel-agent-edge'), [GATEWAY_PORT]],
    [ours('prometheus'), [8888]],
  ]),
  allow('tempo', [
    [ours('otel-gateway'), [4317]],
    [[...ours('prometheus', 'reconcile', 'cost-budget'), ...grafana()], [3200]],
    [ours('reconcile'), [4318]],
  ]),
  ...servers.map(name => allow(name, [[[...ours('otel-gateway', 'prometheus', 'cost-budget'), ...grafana()], [9090]]])),
  allow('alertmanager', [
    [ours('prometheus', 'alert-receiver', 'cost-budget'), [alertmanagerPort]],
    [ours('alertmanager'), [GOSSIP_PORT]],
  ]),
  allow('alert-receiver', [[ours('alertmanager', 'prometheus'), [RECEIVER_PORT]]]),
  allow('cost-budget', []),
  allow('reconcile', []),
]

const ours = (...names: string[]): Section[] => names.map(name => ({ podSelector: { matchLabels: labelsOf(name) } }))

/** In whatever namespace its chart was installed. */
const grafana = (): Section[] => [{ namespaceSelector: {}, podSelector: { matchLabels: labelsOf('grafana') } }]

const allow = (to: string, rules: [from: Section[], ports: number[]][]): Section =>
  object('networking.k8s.io/v1', 'NetworkPolicy', to, {
    spec: {
      podSelector: { matchLabels: labelsOf(to) },
      policyTypes: ['Ingress'],
      ingress: rules.map(([from, ports]) => ({
        from,
        ports: ports.flatMap(port =>
          (port === GOSSIP_PORT ? ['TCP', 'UDP'] : ['TCP']).map(protocol => ({ protocol, port })),
        ),
      })),
    },
  })
