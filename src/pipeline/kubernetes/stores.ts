// Called by index.ts: Tempo and Loki, one replica each; their data is on object storage.
import { images } from '../images'
import type { Section } from '../note'
import { claim, configMap, locked, object, podTemplate, probe, SECRET, service } from './object'

interface Store {
  readonly name: string
  readonly image: string
  /** The first one is what it is started with. */
  readonly configs: Record<string, string>
  readonly ports: Record<string, number>
  readonly data: string
  readonly size: string
}

export const tempoStore = (config: string, overrides: string): Section[] =>
  store({
    name: 'tempo',
    image: images.tempo,
    configs: { 'tempo.yaml': config, 'tempo-overrides.yaml': overrides },
    ports: { http: 3200, 'otlp-grpc': 4317 },
    data: '/var/tempo',
    size: '20Gi',
  })

export const lokiStore = (config: string, overrides: string): Section[] =>
  store({
    name: 'loki',
    image: images.loki,
    configs: { 'loki.yaml': config, 'loki-overrides.yaml': overrides },
    ports: { http: 3100 },
    data: '/loki',
    size: '20Gi',
  })

function store({ name, image, configs, ports, data, size }: Store): Section[] {
  return [
    configMap(`${name}-config`, configs),
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
              args: [`-config.file=/conf/${Object.keys(configs)[0]}`, '-config.expand-env=true'],
              envFrom: [{ secretRef: { name: SECRET } }],
              ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
              readinessProbe: probe('/ready', ports.http!),
              resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '4Gi' } },
              volumeMounts: [
                { name: 'conf', mountPath: '/conf', readOnly: true },
                { name: 'data', mountPath: data },
              ],
              ...locked(),
            },
          ],
          volumes: [{ name: 'conf', configMap: { name: `${name}-config` } }],
        }),
        volumeClaimTemplates: [claim('data', size)],
      },
    }),
  ]
}
