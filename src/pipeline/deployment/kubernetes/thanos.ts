// The parts of Thanos that are pods of their own, and the one that is a container beside Prometheus. All that they keep is in the bucket: their
// disks hold copies.
import { keysOfBucket } from '../bucket'
import { images } from '../images'
import type { Plan } from '../plan'
import {
  BUCKET_FILE,
  beginUploads,
  COMPACTOR,
  compactorArguments,
  ENDPOINTS_FILE,
  GRPC_PORT,
  HTTP_PORT,
  QUERIER,
  QUERIER_PORT,
  querierArguments,
  STORE,
  sidecarArguments,
  storeArguments,
  THANOS_CONF,
} from '../thanos'
import { note, type Section } from '../yaml-comments'
import { claim, configMap, fromSecret, locked, object, podTemplate, probe, resources, service } from './object'

const CONF_MAP = 'thanos-config'
const confVolume: Section = { name: 'thanos-conf', configMap: { name: CONF_MAP } }
const confMount: Section = { name: 'thanos-conf', mountPath: THANOS_CONF, readOnly: true }
const DATA = '/var/thanos'

interface Part {
  readonly name: string
  readonly args: readonly string[]
  readonly ports: Readonly<Record<string, number>>
  readonly cpu: string
  readonly memory: string
  /** Of the Go runtime, about four fifths of the memory. */
  readonly goMemoryLimit: string
  readonly mounts?: readonly Section[]
}

const container = ({ name, args, ports, cpu, memory, goMemoryLimit, mounts = [] }: Part): Section => ({
  name,
  image: images.thanos,
  args,
  env: [
    { name: 'GOMEMLIMIT', value: goMemoryLimit },
    ...(name === QUERIER ? [] : keysOfBucket.map(key => fromSecret(key, key, true))),
  ],
  ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
  readinessProbe: probe('/-/ready', name === QUERIER ? QUERIER_PORT : HTTP_PORT),
  ...resources(cpu, memory),
  volumeMounts: [confMount, ...mounts],
  ...locked(),
})

export const sidecarPorts = { grpc: GRPC_PORT, 'http-thanos': HTTP_PORT } as const

interface Sidecar {
  /** Ends before Prometheus starts. */
  readonly init: Section
  readonly container: Section
  readonly volume: Section
}

/** In Prometheus' pod, whose blocks it uploads. @param folder of them, on the volume `data` */
export const sidecar = (folder: string): Sidecar => ({
  init: {
    name: 'begin-uploads',
    image: images.prometheus,
    command: beginUploads(folder),
    ...resources('10m', '32Mi'),
    volumeMounts: [{ name: 'data', mountPath: folder }],
    ...locked(),
  },
  container: container({
    name: 'thanos-sidecar',
    args: sidecarArguments(folder),
    ports: sidecarPorts,
    cpu: '100m',
    memory: '512Mi',
    goMemoryLimit: '409MiB',
    mounts: [{ name: 'data', mountPath: folder }],
  }),
  volume: confVolume,
})

/** @param bucket text of thanos-bucket.yml @param endpoints text of thanos-endpoints.yml */
export const thanos = (plan: Plan, bucket: string, endpoints: string): Section[] => [
  configMap(CONF_MAP, { [BUCKET_FILE]: bucket, [ENDPOINTS_FILE]: endpoints }),
  ...withDisk(
    {
      name: STORE,
      args: storeArguments(DATA),
      ports: { grpc: GRPC_PORT, http: HTTP_PORT },
      cpu: '250m',
      memory: '2Gi',
      goMemoryLimit: '1638MiB',
    },
    '20Gi',
  ),
  ...withDisk(
    {
      name: COMPACTOR,
      args: compactorArguments(DATA, plan),
      ports: { http: HTTP_PORT },
      cpu: '250m',
      memory: '2Gi',
      goMemoryLimit: '1638MiB',
    },
    '100Gi',
    note('two would spoil the bucket', 1),
  ),
  service(QUERIER, { http: QUERIER_PORT }),
  object('apps/v1', 'Deployment', QUERIER, {
    spec: {
      replicas: 2,
      ...podTemplate(QUERIER, {
        containers: [
          container({
            name: QUERIER,
            args: querierArguments(),
            ports: { http: QUERIER_PORT },
            cpu: '250m',
            memory: '2Gi',
            goMemoryLimit: '1638MiB',
          }),
        ],
        volumes: [confVolume],
      }),
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', QUERIER, {
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': QUERIER } } },
  }),
]

const withDisk = (part: Part, size: string, replicas: number = 1): Section[] => [
  service(part.name, part.ports),
  object('apps/v1', 'StatefulSet', part.name, {
    spec: {
      serviceName: part.name,
      replicas,
      ...podTemplate(part.name, {
        containers: [container({ ...part, mounts: [{ name: 'data', mountPath: DATA }] })],
        terminationGracePeriodSeconds: 120,
        volumes: [confVolume],
      }),
      volumeClaimTemplates: [claim('data', size)],
    },
  }),
]
