// The Collectors that the apps talk to.
import { agentDisk } from '../agent-config'
import type { Plan } from '../plan'
import { note, type Section } from '../yaml-comments'
import { certificateMount } from './certificates'
import { collectorContainer, confVolume, TLS } from './collector-container'
import { configMap, headless, labelsOf, NAMESPACE, object, podTemplate, service } from './object'

const CONFIG = 'otel-agent-config'
const FILE = 'otel-collector-agent.yaml'
/** For everybody, and the last one for apps that have the token. */
const ports = { 'otlp-grpc': 4317, 'otlp-http': 4318, 'otlp-trusted': 4319 }

export function agent(plan: Plan, config: string): Section[] {
  const { edge } = plan
  return [
    configMap(CONFIG, { [FILE]: config }),
    ...nodeAgents(plan, config),
    ...edgeAgents(plan, config),
    ...(edge === 'ClusterIP' ? [] : [outside(edge)]),
  ]
}

/** The way in from outside of the cluster: for what has the token. */
const outside = (type: Plan['edge']): Section =>
  service(
    'otel-agent-edge',
    { 'otlp-trusted': 4319 },
    { type, externalTrafficPolicy: note('keeps the address of the sender', 'Local') },
    'otel-agent-edge-outside',
  )

const pod = (plan: Plan, config: string): Section => ({
  containers: [
    collectorContainer(
      plan,
      FILE,
      config,
      {
        AFN_OTLP_GRPC: '0.0.0.0:4317',
        AFN_OTLP_HTTP: '0.0.0.0:4318',
        AFN_OTLP_TRUSTED_HTTP: '0.0.0.0:4319',
        AFN_GATEWAY: `otel-gateway-headless.${NAMESPACE}.svc.cluster.local`,
      },
      ports,
      { cpu: '100m', memory: '512Mi', goMemoryLimit: '410MiB' },
      certificateMount(plan, 'otel-agent', TLS).mounts,
    ),
  ],
  terminationGracePeriodSeconds: 30,
  volumes: [
    confVolume(CONFIG),
    ...certificateMount(plan, 'otel-agent', TLS).volumes,
    {
      name: 'data',
      emptyDir: note(
        'outlives the container, but not the pod. A folder of the node would belong to root, and no pod of this namespace runs as root',
        { sizeLimit: `${agentDisk / 2 ** 30}Gi` },
      ),
    },
  ],
})

/** By which Prometheus finds each of them: what waits in one is on its node alone. */
const watched = (name: string): Section => headless(name, { metrics: 8888 }, true)

/** `internalTrafficPolicy: Local`: an app's spans go to the agent of its own node. */
const nodeAgents = (plan: Plan, config: string): Section[] => [
  object('apps/v1', 'DaemonSet', 'otel-agent', {
    spec: podTemplate('otel-agent', { ...pod(plan, config), tolerations: [{ operator: 'Exists' }] }),
  }),
  service('otel-agent', ports, { internalTrafficPolicy: 'Local' }),
  watched('otel-agent'),
]

const edgeAgents = (plan: Plan, config: string): Section[] => [
  object('apps/v1', 'Deployment', 'otel-agent-edge', { spec: podTemplate('otel-agent-edge', pod(plan, config)) }),
  service('otel-agent-edge', ports),
  watched('otel-agent-edge'),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'otel-agent-edge', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'otel-agent-edge' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: note('queues must empty first', 300) } },
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', 'otel-agent-edge', {
    spec: { minAvailable: 1, selector: { matchLabels: labelsOf('otel-agent-edge') } },
  }),
]
