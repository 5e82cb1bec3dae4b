// Called by index.ts: Prometheus keeps two hours on disk and hands its blocks to object storage; the compactor makes the
// three resolutions of the table and removes each when its time is over.
import { images } from '../images'
import type { Section } from '../note'
import type { Plan } from '../plan'
import { features, noOrigins } from '../prometheus'
import { claim, configMap, locked, object, podTemplate, SECRET, service } from './object'

const OBJECT_STORE = '--objstore.config=$(AFN_THANOS_OBJSTORE)'

export const thanos = (plan: Plan, config: string): Section[] => [
  configMap('prometheus-config', { 'prometheus.yml': config }),
  service('prometheus', { http: 9090, grpc: 10901 }),
  object('apps/v1', 'StatefulSet', 'prometheus', {
    spec: {
      serviceName: 'prometheus',
      replicas: 1,
      ...podTemplate('prometheus', {
        containers: [
          prometheus(),
          thanosContainer('sidecar', ['--prometheus.url=http://localhost:9090', '--tsdb.path=/data']),
        ],
        volumes: [{ name: 'conf', configMap: { name: 'prometheus-config' } }],
      }),
      volumeClaimTemplates: [claim('data', '50Gi')],
    },
  }),
  ...component('thanos-store', ['store', '--data-dir=/data'], '10Gi'),
  ...component('thanos-compact', compact(plan), '100Gi'),
  service('thanos-query', { http: 9090 }),
  object('apps/v1', 'Deployment', 'thanos-query', {
    spec: podTemplate('thanos-query', {
      containers: [
        {
          name: 'thanos',
          image: images.thanos,
          args: [
            'query',
            '--http-address=0.0.0.0:9090',
            '--query.auto-downsampling',
            '--endpoint=dnssrv+_grpc._tcp.prometheus',
            '--endpoint=dnssrv+_grpc._tcp.thanos-store',
          ],
          ports: [{ name: 'http', containerPort: 9090 }],
          ...locked(),
        },
      ],
    }),
  }),
]

/** Blocks of 5 minutes exist after 40 hours and of an hour after 10 days, both before the finer ones are removed. */
const compact = ({ retention: { metrics } }: Plan): string[] => [
  'compact',
  '--wait',
  '--data-dir=/data',
  `--retention.resolution-raw=${metrics.high}d`,
  `--retention.resolution-5m=${metrics.medium}d`,
  `--retention.resolution-1h=${metrics.low}d`,
]

const prometheus = (): Section => ({
  name: 'prometheus',
  image: images.prometheus,
  args: [
    '--config.file=/conf/prometheus.yml',
    '--storage.tsdb.path=/data',
    '--web.enable-otlp-receiver',
    noOrigins,
    features,
    // the sidecar takes blocks as they are, so Prometheus must not merge them
    '--storage.tsdb.min-block-duration=2h',
    '--storage.tsdb.max-block-duration=2h',
  ],
  ports: [{ name: 'http', containerPort: 9090 }],
  readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 10 },
  volumeMounts: [
    { name: 'conf', mountPath: '/conf', readOnly: true },
    { name: 'data', mountPath: '/data' },
  ],
  ...locked(),
})

const thanosContainer = (name: string, args: string[]): Section => ({
  name: 'thanos',
  image: images.thanos,
  args: [name, ...args, OBJECT_STORE],
  env: [{ name: 'AFN_THANOS_OBJSTORE', valueFrom: { secretKeyRef: { name: SECRET, key: 'AFN_THANOS_OBJSTORE' } } }],
  ports: [{ name: 'grpc', containerPort: 10901 }],
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  ...locked(),
})

function component(name: string, [command, ...args]: string[], size: string): Section[] {
  return [
    service(name, { grpc: 10901 }),
    object('apps/v1', 'StatefulSet', name, {
      spec: {
        serviceName: name,
        replicas: 1,
        ...podTemplate(name, { containers: [thanosContainer(command!, args)] }),
        volumeClaimTemplates: [claim('data', size)],
      },
    }),
  ]
}
