// Called by index.ts: who may talk to whom. Everything else is refused on the way in.
import { note, type Section } from '../note'
import { GATEWAY_PORT } from '../trusted-hop'
import { labelsOf, object } from './object'

export const networkPolicies = (): Section[] => [
  object('networking.k8s.io/v1', 'NetworkPolicy', 'default-deny', {
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  }),
  allow('otel-agent', note('apps of every namespace', [{ namespaceSelector: {} }]), [4317, 4318, 4319]),
  allow('otel-agent-edge', [{ namespaceSelector: {} }], [4317, 4318, 4319]),
  allow('otel-gateway', from('otel-agent', 'otel-agent-edge'), [GATEWAY_PORT]),
  allow('otel-gateway', from('prometheus'), [8888], 'otel-gateway-metrics'),
  allow('tempo', from('otel-gateway', 'grafana'), [3200, 4317]),
  allow('loki', from('otel-gateway', 'grafana'), [3100]),
  allow('prometheus', from('otel-gateway', 'grafana', 'thanos-query'), [9090, 10901]),
  allow('thanos-store', from('thanos-query'), [10901]),
  allow('thanos-query', from('grafana'), [9090]),
]

const from = (...names: string[]): Section[] => names.map(name => ({ podSelector: { matchLabels: labelsOf(name) } }))

const allow = (to: string, peers: Section[], ports: number[], name: string = to): Section =>
  object('networking.k8s.io/v1', 'NetworkPolicy', name, {
    spec: {
      podSelector: { matchLabels: labelsOf(to) },
      policyTypes: ['Ingress'],
      ingress: [{ from: peers, ports: ports.map(port => ({ protocol: 'TCP', port })) }],
    },
  })
