// What is left to do in a cluster after its manifests were written.
import type { Plan } from '../../pipeline/deployment/plan'

/** Workloads whose pods read their ConfigMap at their start, or have it mounted file by file; by the manifest that has it. */
const restarted: Readonly<Record<string, string>> = {
  'k8s/prometheus.yaml': 'statefulset/prometheus statefulset/prometheus-medium statefulset/prometheus-low',
  'k8s/thanos.yaml': 'statefulset/thanos-store statefulset/thanos-compactor deployment/thanos-query',
  'k8s/alertmanager.yaml': 'statefulset/alertmanager',
  'k8s/alert-receiver.yaml': 'statefulset/alert-receiver',
  'k8s/tempo.yaml': 'statefulset/tempo',
  'k8s/loki.yaml': 'statefulset/loki',
  'k8s/gateway.yaml': 'statefulset/otel-gateway',
  'k8s/agent.yaml': 'daemonset/otel-agent deployment/otel-agent-edge',
}

/** @param changed paths of files, relative to the folder @param metrics of the plan: beside Thanos there is one Prometheus */
export function clusterSteps(changed: readonly string[], metrics: Plan['metrics']): string[] {
  const kubectl = 'kubectl -n afn-otel'
  const one = metrics === 'thanos' ? { 'k8s/prometheus.yaml': 'statefulset/prometheus' } : {}
  const names: typeof restarted = { ...restarted, ...one }
  const workloads = changed.flatMap(file => names[file] ?? [])
  const made = (kind: string, folder: string) =>
    `${kubectl} create ${kind} --from-file=${folder}/ --dry-run=client -o yaml | kubectl apply --server-side -f -`
  return [
    'files written; to update the cluster, run:',
    made('secret generic afn-otel-alerts', 'secrets'),
    ...(changed.some(file => file.startsWith('runbooks/')) ? [made('configmap afn-otel-runbooks', 'runbooks')] : []),
    'kubectl apply --server-side -f k8s/',
    ...(workloads.length > 0 ? [`${kubectl} rollout restart ${workloads.join(' ')}`] : []),
    `npx afn-otel alerts test --channel all   # after ${kubectl} port-forward svc/alertmanager 9093:9093`,
  ]
}
