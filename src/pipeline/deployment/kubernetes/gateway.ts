// The Collectors that decide. Agents find them through the headless service, which names each pod.
import { commandSettings, SETTINGS_FILE } from '../command-settings'
import { PROXY_PORT } from '../compose'
import { ownImage } from '../images'
import type { Plan } from '../plan'
import { GATEWAY_PORT } from '../trusted-hop'
import { note, type Section } from '../yaml-comments'
import { certificateMount } from './certificates'
import { collectorContainer, confVolume, DATA, LOGS, TLS } from './collector-container'
import {
  claim,
  configMap,
  fromSecret,
  headless,
  labelsOf,
  locked,
  object,
  plain,
  podTemplate,
  resources,
} from './object'

const NAME = 'otel-gateway'
const CONFIG = 'otel-gateway-config'
const FILE = 'otel-collector.yaml'
/** For agents alone: the listeners that ask for no token stay on loopback. */
const ports = { 'otlp-agents': GATEWAY_PORT }

export const gateway = (plan: Plan, config: string, by: string): Section[] => [
  configMap(CONFIG, { [FILE]: config, [SETTINGS_FILE]: commandSettings(plan, by) }),
  headless(NAME, { ...ports, metrics: 8888 }, false),
  object('apps/v1', 'StatefulSet', NAME, {
    spec: {
      serviceName: `${NAME}-headless`,
      replicas: note('change it manually and at a quiet time: traces in transit are split once', plan.scale.gateways),
      podManagementPolicy: 'Parallel',
      ...podTemplate(NAME, {
        containers: [
          {
            ...collectorContainer(
              plan,
              FILE,
              config,
              {
                AFN_OTLP_TRUSTED_GRPC: `0.0.0.0:${GATEWAY_PORT}`,
                AFN_TEMPO: 'tempo:4317',
                AFN_PROMETHEUS: 'http://prometheus:9090',
                ...(plan.metrics === 'three' && {
                  AFN_PROMETHEUS_MEDIUM: 'http://prometheus-medium:9090',
                  AFN_PROMETHEUS_LOW: 'http://prometheus-low:9090',
                }),
                ...(plan.logs === 'loki' ? { AFN_LOKI: 'http://loki:3100' } : { AFN_LOG_DIR: LOGS }),
                ...(plan.langfuse && { AFN_LANGFUSE: `http://127.0.0.1:${PROXY_PORT}` }),
              },
              ports,
              { cpu: '1', memory: '4Gi', goMemoryLimit: '3276MiB' },
              certificateMount(plan, NAME, TLS).mounts,
            ),
            lifecycle: note(
              'agents stop sending to it and its queue empties: nobody reads the disk of a gateway that is scaled away',
              {
                preStop: { exec: { command: ['sleep', '15'] } },
              },
            ),
          },
          ...(plan.langfuse ? [langfuseProxy(plan)] : []),
          ...(plan.logs === 'files' ? [logsSweep(plan)] : []),
        ],
        affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [apart()] } },
        terminationGracePeriodSeconds: note('on SIGTERM, it decides on the traces that it holds, and flushes', 60),
        volumes: [confVolume(CONFIG), ...certificateMount(plan, NAME, TLS).volumes],
      }),
      volumeClaimTemplates: [claim('data', '20Gi')],
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', NAME, {
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(NAME) } },
  }),
]

/** The Collector drops spans after an answer of 500 or 401; behind this they wait in its queue. */
const langfuseProxy = (plan: Plan): Section => ({
  name: 'langfuse-proxy',
  image: ownImage(plan, 'commands'),
  args: ['langfuse', 'proxy', '--listen', `127.0.0.1:${PROXY_PORT}`],
  env: [fromSecret('LANGFUSE_HOST', 'AFN_LANGFUSE')],
  ...resources('50m', '256Mi'),
  ...locked(),
})

/** The disk is this pod's alone, so no job of another one comes to it. */
const logsSweep = (plan: Plan): Section => ({
  name: 'logs-sweep',
  image: ownImage(plan, 'commands'),
  args: ['logs', 'sweep', LOGS, '--every', '1h'],
  env: plain({ AFN_CONFIG: `/conf/${SETTINGS_FILE}`, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }),
  ...resources('50m', '256Mi'),
  volumeMounts: [
    { name: 'conf', mountPath: '/conf', readOnly: true },
    { name: 'data', mountPath: DATA },
  ],
  ...locked(),
})

const apart = (): Section => ({
  weight: 100,
  podAffinityTerm: { labelSelector: { matchLabels: labelsOf(NAME) }, topologyKey: 'kubernetes.io/hostname' },
})
