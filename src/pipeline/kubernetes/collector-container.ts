// The container that agents and gateways run. Used by both.
import { images } from '../images'
import type { Section } from '../note'
import { locked, probe, SECRET } from './object'

const LISTENS = {
  AFN_HEALTH: '0.0.0.0:13133',
  AFN_SELF_METRICS_HOST: '0.0.0.0',
}

interface Sizes {
  readonly cpu: string
  /** Requested and allowed alike: the memory limiter goes by it. */
  readonly memory: string
  /** The Go runtime collects earlier when it is near this; about four fifths of the memory. */
  readonly goMemoryLimit: string
}

/** @param ports on which it takes OTLP, by name */
export function collectorContainer(
  config: string,
  environment: Record<string, string>,
  ports: Record<string, number>,
  sizes: Sizes,
): Section {
  const env = { ...LISTENS, ...environment, GOMEMLIMIT: sizes.goMemoryLimit }
  return {
    name: 'otelcol',
    image: images.collector,
    args: [`--config=/conf/${config}`],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    envFrom: [{ secretRef: { name: SECRET } }],
    ports: Object.entries({ ...ports, metrics: 8888 }).map(([name, containerPort]) => ({ name, containerPort })),
    resources: { requests: { cpu: sizes.cpu, memory: sizes.memory }, limits: { memory: sizes.memory } },
    livenessProbe: probe('/', 13133),
    readinessProbe: probe('/', 13133),
    volumeMounts: [
      { name: 'conf', mountPath: '/conf', readOnly: true },
      { name: 'queue', mountPath: '/var/lib/otelcol/queue' },
    ],
    ...locked(),
  }
}

export const confVolume = (configMap: string): Section => ({ name: 'conf', configMap: { name: configMap } })
