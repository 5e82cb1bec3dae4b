// Called by generate.ts for the cluster profile: manifests for `kubectl apply -f k8s/`, a file for each part.
import type { GeneratedFile } from '../generate'
import type { Section } from '../note'
import type { Plan } from '../plan'
import { render } from '../render'
import { agent } from './agent'
import { gateway } from './gateway'
import { networkPolicies } from './network'
import { namespace } from './object'
import { lokiStore, tempoStore } from './stores'
import { thanos } from './thanos'

/** @param configs the configuration files of the profile, which become ConfigMaps */
export function kubernetesFiles(plan: Plan, configs: readonly GeneratedFile[], by: string): GeneratedFile[] {
  const text = (path: string): string => configs.find(config => config.path === path)!.content
  const file = (name: string, what: string, objects: Section[]): GeneratedFile => ({
    path: `k8s/${name}.yaml`,
    content: objects.map((object, n) => render(n === 0 ? `${what}\n${by}` : '', object)).join('---\n'),
  })
  return [
    file('00-namespace', 'The namespace of everything here, and who may talk to whom in it.', [
      namespace(),
      ...networkPolicies(),
    ]),
    file('agent', agentHeader, agent(text('otel-collector-agent.yaml'))),
    file('gateway', gatewayHeader, gateway(plan, text('otel-collector.yaml'))),
    file('tempo', 'Tempo, blocks on object storage.', tempoStore(text('tempo.yaml'), text('tempo-overrides.yaml'))),
    file('loki', 'Loki, chunks on object storage.', lokiStore(text('loki.yaml'), text('loki-overrides.yaml'))),
    file('prometheus-thanos', thanosHeader, thanos(plan, text('prometheus.yml'))),
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

const thanosHeader = `
Prometheus with Thanos beside it: blocks go to object storage, and the compactor thins them out and keeps each resolution
for its own time.
`
