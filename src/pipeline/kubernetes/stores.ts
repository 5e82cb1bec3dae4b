// Tempo and the three Prometheus, one replica each, as on one host; each has a disk of its own.
import type { Resolution } from '../../tiers'
import { prometheusOf } from '../hosts'
import { images } from '../images'
import { prometheusArguments } from '../prometheus-config'
import type { Section } from '../yaml-comments'
import { alertSecrets, claim, configMap, locked, object, podTemplate, probe, resources, service } from './object'

interface Store {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  /** Text by path below `conf.path`. */
  readonly conf: { readonly path: string; readonly files: Record<string, string> }
  readonly ports: Record<string, number>
  readonly ready: string
  /** Where the secrets of alerts are, where it needs one. */
  readonly secrets?: string | undefined
  readonly data: string
  readonly size: string
  readonly cpu: string
  readonly memory: string
  /** Of the Go runtime, about four fifths of the memory. */
  readonly goMemoryLimit: string
}

export const tempoStore = (config: string, overrides: string): Section[] =>
  store({
    name: 'tempo',
    image: images.tempo,
    args: ['-config.file=/conf/tempo.yaml'],
    conf: { path: '/conf', files: { 'tempo.yaml': config, 'tempo-overrides.yaml': overrides } },
    ports: { http: 3200, 'otlp-grpc': 4317, 'otlp-http': 4318 },
    ready: '/ready',
    data: '/var/tempo',
    size: '100Gi',
    cpu: '500m',
    memory: '4Gi',
    goMemoryLimit: '3276MiB',
  })

const sizes: Record<Resolution, { size: string; memory: string; goMemoryLimit: string }> = {
  high: { size: '50Gi', memory: '4Gi', goMemoryLimit: '3276MiB' },
  medium: { size: '20Gi', memory: '1Gi', goMemoryLimit: '819MiB' },
  low: { size: '20Gi', memory: '1Gi', goMemoryLimit: '819MiB' },
}

/**
 * @param rules text by path, relative to the configuration
 * @param secrets folder of the token by which it scrapes the alert receiver
 */
export const prometheusStore = (
  resolution: Resolution,
  config: string,
  rules: Record<string, string> = {},
  secrets?: string,
): Section[] =>
  store({
    name: prometheusOf[resolution],
    image: images.prometheus,
    args: prometheusArguments(resolution),
    conf: { path: '/etc/prometheus', files: { 'prometheus.yml': config, ...rules } },
    ports: { http: 9090 },
    ready: '/-/ready',
    data: '/prometheus',
    secrets,
    cpu: '250m',
    ...sizes[resolution],
  })

function store({
  name,
  image,
  args,
  conf,
  ports,
  ready,
  secrets,
  data,
  size,
  cpu,
  memory,
  goMemoryLimit,
}: Store): Section[] {
  const http = Object.values(ports)[0]!
  return [
    configMap(
      `${name}-config`,
      Object.fromEntries(Object.entries(conf.files).map(([path, text]) => [keyOf(path), text])),
    ),
    service(name, ports),
    object('apps/v1', 'StatefulSet', name, {
      spec: {
        serviceName: name,
        replicas: 1,
        ...podTemplate(name, {
          containers: [
            {
              name,
              image,
              args,
              env: [{ name: 'GOMEMLIMIT', value: goMemoryLimit }],
              ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
              readinessProbe: probe(ready, http),
              ...resources(cpu, memory),
              volumeMounts: [
                { name: 'conf', mountPath: conf.path, readOnly: true },
                ...(secrets ? [{ name: 'secrets', mountPath: secrets, readOnly: true }] : []),
                { name: 'data', mountPath: data },
              ],
              ...locked(),
            },
          ],
          terminationGracePeriodSeconds: 120,
          volumes: [confVolume(name, Object.keys(conf.files)), ...(secrets ? [alertSecrets()] : [])],
        }),
        volumeClaimTemplates: [claim('data', size)],
      },
    }),
  ]
}

/** A key of a ConfigMap has no slash. */
const keyOf = (path: string): string => path.replaceAll('/', '.')

/** A ConfigMap is mounted as a flat folder unless each key has a path. */
const confVolume = (name: string, paths: readonly string[]): Section => ({
  name: 'conf',
  configMap: {
    name: `${name}-config`,
    ...(paths.some(path => path.includes('/')) && { items: paths.map(path => ({ key: keyOf(path), path })) }),
  },
})
