// The container that agents and gateways run.
import { ownImage } from '../images'
import type { Plan } from '../plan'
import type { Section } from '../yaml-comments'
import { locked, plain, probe, resources, secretsIn } from './object'

const LISTENS = {
  AFN_COLLECTOR_HEALTH: '0.0.0.0:13133',
  AFN_SELF_METRICS_HOST: '0.0.0.0',
}

const nameOfPod: Section = { name: 'AFN_COLLECTOR_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }

/** Where the queue, and of a gateway the log files, are. */
export const DATA = '/var/lib/otelcol'

interface Sizes {
  readonly cpu: string
  /** Requested and allowed alike: the memory limiter goes by it. */
  readonly memory: string
  /** The Go runtime collects earlier when it is near this; about four fifths of the memory. */
  readonly goMemoryLimit: string
}

/**
 * @param file the name of the configuration
 * @param config its text, which says what secrets the container gets
 * @param ports on which it takes OTLP, by name
 * @param mounts besides its configuration and its data
 */
export function collectorContainer(
  plan: Plan,
  file: string,
  config: string,
  environment: Record<string, string>,
  ports: Record<string, number>,
  sizes: Sizes,
  mounts: readonly Section[] = [],
): Section {
  const env = { ...LISTENS, ...environment, AFN_QUEUE_DIR: `${DATA}/queue`, GOMEMLIMIT: sizes.goMemoryLimit }
  return {
    name: 'otelcol',
    image: ownImage(plan, 'collector'),
    args: [`--config=/conf/${file}`],
    env: [...plain(env), nameOfPod, ...secretsIn(config)],
    ports: Object.entries({ ...ports, health: 13133, metrics: 8888 }).map(([name, containerPort]) => ({
      name,
      containerPort,
    })),
    ...resources(sizes.cpu, sizes.memory),
    livenessProbe: probe('/', 13133),
    readinessProbe: probe('/', 13133),
    volumeMounts: [{ name: 'conf', mountPath: '/conf', readOnly: true }, { name: 'data', mountPath: DATA }, ...mounts],
    ...locked(),
  }
}

/** Of its certificate, as its configuration has it where no variable names another one. */
export const TLS = '/etc/otelcol/tls'

export const LOGS = `${DATA}/logs`

export const confVolume = (configMap: string): Section => ({ name: 'conf', configMap: { name: configMap } })
