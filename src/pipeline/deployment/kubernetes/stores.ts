// Tempo, Loki and Prometheus, one replica each, as on one host; each has a disk of its own.
import type { Resolution } from '../../../shared/tiers'
import { type Bucket, keysOfBucket } from '../bucket'
import { prometheusOf } from '../hosts'
import { images } from '../images'
import { LOKI_DATA, lokiArguments } from '../loki-config'
import { TEMPO_TLS } from '../mutual-tls'
import type { Plan } from '../plan'
import { prometheusArguments } from '../prometheus-config'
import type { Section } from '../yaml-comments'
import { certificateMount } from './certificates'
import {
  alertSecrets,
  claim,
  configMap,
  fromSecret,
  locked,
  object,
  podTemplate,
  probe,
  resources,
  service,
} from './object'
import { sidecar, sidecarPorts } from './thanos'

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
  /** Beside its data, on a root that it cannot write. */
  readonly hasTemporaryFiles?: boolean
  /** Of its certificate. */
  readonly tls?: { readonly volumes: Section[]; readonly mounts: Section[] }
  /** A second container of its pod. */
  readonly beside?: ReturnType<typeof sidecar> & { readonly ports: Record<string, number> }
  /** Of the Secret, where its owner has put them. */
  readonly keys?: readonly string[]
  readonly size: string
  readonly cpu: string
  readonly memory: string
  /** Of the Go runtime, about four fifths of the memory. */
  readonly goMemoryLimit: string
}

export const tempoStore = (plan: Plan, config: string, overrides: string): Section[] =>
  store({
    name: 'tempo',
    image: images.tempo,
    args: ['-config.file=/conf/tempo.yaml'],
    conf: { path: '/conf', files: { 'tempo.yaml': config, 'tempo-overrides.yaml': overrides } },
    ports: { http: 3200, 'otlp-grpc': 4317, 'otlp-http': 4318 },
    ready: '/ready',
    data: '/var/tempo',
    tls: certificateMount(plan, 'tempo', TEMPO_TLS),
    ...onDisk(plan.bucket),
    cpu: '500m',
    memory: '4Gi',
    goMemoryLimit: '3276MiB',
  })

/** What a bucket leaves on the disk: what is written next, and copies of what is read. */
const onDisk = ({ name }: Bucket) => ({ size: name === '' ? '100Gi' : '20Gi', keys: name === '' ? [] : keysOfBucket })

export const lokiStore = ({ bucket }: Plan, config: string): Section[] =>
  store({
    name: 'loki',
    image: images.loki,
    args: lokiArguments,
    conf: { path: '/etc/loki', files: { 'loki.yaml': config } },
    ports: { http: 3100 },
    ready: '/ready',
    data: LOKI_DATA,
    hasTemporaryFiles: true,
    ...onDisk(bucket),
    cpu: '250m',
    memory: '2Gi',
    goMemoryLimit: '1638MiB',
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
  plan: Plan,
  config: string,
  rules: Record<string, string> = {},
  secrets?: string,
): Section[] =>
  store({
    name: prometheusOf[resolution],
    image: images.prometheus,
    args: prometheusArguments(resolution, plan),
    conf: { path: '/etc/prometheus', files: { 'prometheus.yml': config, ...rules } },
    ports: { http: 9090 },
    ready: '/-/ready',
    data: '/prometheus',
    secrets,
    cpu: '250m',
    ...sizes[resolution],
    ...(plan.metrics === 'thanos' && { beside: { ...sidecar('/prometheus'), ports: sidecarPorts } }),
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
  tls = { volumes: [], mounts: [] },
  beside,
  keys = [],
  hasTemporaryFiles = false,
  size,
  cpu,
  memory,
  goMemoryLimit,
}: Store): Section[] {
  const http = Object.values(ports)[0]!
  const maps = mapsOf(name, conf.files)
  return [
    ...maps.map(map => configMap(map.name, Object.fromEntries(map.files.map(({ key, text }) => [key, text])), name)),
    service(name, { ...ports, ...beside?.ports }),
    object('apps/v1', 'StatefulSet', name, {
      spec: {
        serviceName: name,
        replicas: 1,
        ...podTemplate(name, {
          ...(beside && { initContainers: [beside.init] }),
          containers: [
            {
              name,
              image,
              args,
              env: [{ name: 'GOMEMLIMIT', value: goMemoryLimit }, ...keys.map(key => fromSecret(key, key, true))],
              ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
              readinessProbe: probe(ready, http),
              ...resources(cpu, memory),
              volumeMounts: [
                { name: 'conf', mountPath: conf.path, readOnly: true },
                ...(secrets ? [{ name: 'secrets', mountPath: secrets, readOnly: true }] : []),
                { name: 'data', mountPath: data },
                ...(hasTemporaryFiles ? [{ name: 'tmp', mountPath: '/tmp' }] : []),
                ...tls.mounts,
              ],
              ...locked(),
            },
            ...(beside ? [beside.container] : []),
          ],
          terminationGracePeriodSeconds: 120,
          volumes: [
            confVolume(maps),
            ...(secrets ? [alertSecrets()] : []),
            ...(hasTemporaryFiles ? [{ name: 'tmp', emptyDir: {} }] : []),
            ...tls.volumes,
            ...(beside ? [beside.volume] : []),
          ],
        }),
        volumeClaimTemplates: [claim('data', size)],
      },
    }),
  ]
}

interface ConfigMap {
  readonly name: string
  readonly files: readonly { readonly key: string; readonly path: string; readonly text: string }[]
}

/** What is in a folder has a ConfigMap each, since there may be many of them: a rule file has 30 KB, and no ConfigMap more than 1 MiB. */
function mapsOf(name: string, files: Record<string, string>): ConfigMap[] {
  const all = Object.entries(files).map(([path, text]) => ({ key: path.slice(path.lastIndexOf('/') + 1), path, text }))
  const isInFolder = ({ path }: { path: string }) => path.includes('/')
  return [
    { name: `${name}-config`, files: all.filter(file => !isInFolder(file)) },
    ...all.filter(isInFolder).map(file => ({ name: `${name}-${nameOf(file.path)}`, files: [file] })),
  ]
}

/** As Kubernetes wants the name of an object. */
const nameOf = (path: string): string =>
  path
    .replace(/\.ya?ml$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')

const confVolume = (maps: readonly ConfigMap[]): Section => ({
  name: 'conf',
  projected: {
    sources: maps.map(({ name, files }) => ({
      configMap: { name, items: files.map(({ key, path }) => ({ key, path })) },
    })),
  },
})
