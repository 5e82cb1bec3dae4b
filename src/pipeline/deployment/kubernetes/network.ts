// Who may talk to whom. A pod that a policy selects takes nothing else; each pod of ours has one. Others in
// the namespace, such as a Grafana of the operator's, are left alone.

import { RECEIVER_PORT } from '../alerting'
import { alertmanagerPort, prometheusOf } from '../hosts'
import { JOBS } from '../jobs'
import type { Plan } from '../plan'
import { COMPACTOR, GRPC_PORT, HTTP_PORT, QUERIER, QUERIER_PORT, STORE } from '../thanos'
import { GATEWAY_PORT } from '../trusted-hop'
import { note, type Section } from '../yaml-comments'
import { GOSSIP_PORT } from './alertmanager'
import { labelsOf, object } from './object'

export const networkPolicies = ({ edge, logs, metrics }: Plan): Section[] => [
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
  ...(metrics === 'three' ? Object.values(prometheusOf) : [prometheusOf.high]).map(name =>
    allow(name, [
      [[...ours('otel-gateway', 'prometheus', JOBS, 'alert-receiver'), ...grafana()], [9090]],
      ...(metrics === 'thanos' ? toThanos : []),
    ]),
  ),
  ...(metrics === 'thanos'
    ? [
        allow(STORE, toThanos),
        allow(COMPACTOR, [[ours('prometheus'), [HTTP_PORT]]]),
        allow(QUERIER, [[[...ours('prometheus', JOBS), ...grafana()], [QUERIER_PORT]]]),
      ]
    : []),
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

const toThanos: [from: Section[], ports: number[]][] = [
  [ours(QUERIER), [GRPC_PORT]],
  [ours('prometheus'), [HTTP_PORT]],
]

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
