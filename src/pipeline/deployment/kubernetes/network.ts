// Who may talk to whom. A pod that a policy selects takes nothing else; each pod of ours has one. Others in
// the namespace, such as a Grafana of the operator's, are left alone.

import { RECEIVER_PORT } from '../alerting'
import { alertmanagerPort } from '../hosts'
import { JOBS } from '../jobs'
import type { Plan } from '../plan'
import { GATEWAY_PORT } from '../trusted-hop'
import { note, type Section } from '../yaml-comments'
import { GOSSIP_PORT } from './alertmanager'
import { labelsOf, object } from './object'

const servers = ['prometheus', 'prometheus-medium', 'prometheus-low'] as const

export const networkPolicies = ({ edge, logs }: Plan): Section[] => [
  allow('otel-agent', [
    [note('apps of every namespace', [{ namespaceSelector: {} }]), [4317, 4318, 4319]],
    [ours('prometheus'), [8888]],
  ]),
  allow('otel-agent-edge', [
    [[{ namespaceSelector: {} }], [4317, 4318, 4319]],
    ...(edge === 'ClusterIP' ? [] : [anyAddress]),
    [ours('prometheus'), [8888]],
  ]),
  allow('otel-gateway', [
    [ours('otel-agent', 'otel-agent-edge'), [GATEWAY_PORT]],
    [ours('prometheus'), [8888]],
  ]),
  allow('tempo', [
    [ours('otel-gateway'), [4317]],
    [[...ours('prometheus', JOBS), ...grafana()], [3200]],
    [ours(JOBS), [4318]],
  ]),
  ...(logs === 'loki' ? [allow('loki', [[[...ours('otel-gateway', 'prometheus', JOBS), ...grafana()], [3100]]])] : []),
  ...servers.map(name =>
    allow(name, [[[...ours('otel-gateway', 'prometheus', JOBS, 'alert-receiver'), ...grafana()], [9090]]]),
  ),
  allow('alertmanager', [
    [ours('prometheus', 'alert-receiver', JOBS), [alertmanagerPort]],
    [ours('alertmanager'), [GOSSIP_PORT]],
  ]),
  allow('alert-receiver', [[ours('alertmanager', 'prometheus'), [RECEIVER_PORT]]]),
  allow(JOBS, []),
]

/** What comes from outside is no pod; it gets as far as the receiver that asks for the token. */
const anyAddress: [from: Section[], ports: number[]] = [
  ['0.0.0.0/0', '::/0'].map(cidr => ({ ipBlock: { cidr } })),
  [4319],
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
