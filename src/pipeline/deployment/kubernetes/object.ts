// Parts that the manifests share.
import { variablesIn } from '../environment'
import type { Section } from '../yaml-comments'

export const NAMESPACE = 'afn-otel'
/** Made from .env: `kubectl create secret generic afn-otel --from-env-file=.env`. */
const SECRET = 'afn-otel'

/** Every pod of the namespace has to meet Kubernetes' strictest profile: no root, no host paths, no capabilities. */
export const namespace = (): Section => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
})

export const labelsOf = (name: string): Section => ({ 'app.kubernetes.io/name': name })

/** @param of the workload that it is a part of, where that has another name: a label has 63 characters at most, a name 253 */
export function object(apiVersion: string, kind: string, name: string, more: Section, of = name): Section {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE, labels: labelsOf(of) }, ...more }
}

/** Bytes: https://kubernetes.io/docs/concepts/configuration/configmap/. What the object has beside its data is a part of it. */
const mostOfConfigMap = 2 ** 20 - 4_096

/**
 * @param of the workload that reads it, where that has another name
 * @throws Error where Kubernetes would refuse it for its size
 */
export function configMap(name: string, data: Record<string, string>, of = name): Section {
  const bytes = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (bytes > mostOfConfigMap)
    throw new Error(
      `the ConfigMap ${name} would have ${bytes} bytes, and Kubernetes takes ${mostOfConfigMap}; make ${Object.keys(data).join(', ')} smaller, or mount a volume of your own in its place`,
    )
  return object('v1', 'ConfigMap', name, { data }, of)
}

/**
 * @param of the workload whose pods it reaches
 * @param ports name and number of each
 * @param name that of the workload, where that has no other service
 */
export function service(of: string, ports: Record<string, number>, more: Section = {}, name = of): Section {
  const spec = {
    selector: labelsOf(of),
    ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, targetPort: number })),
    ...more,
  }
  return object('v1', 'Service', name, { spec }, of)
}

/** The service of a StatefulSet, which names each of its pods. */
export const headless = (of: string, ports: Record<string, number>, publishNotReadyAddresses: unknown): Section =>
  service(of, ports, { clusterIP: 'None', publishNotReadyAddresses }, `${of}-headless`)

/** What DaemonSet, Deployment and StatefulSet have in common. */
export const podTemplate = (name: string, spec: Section): Section => ({
  selector: { matchLabels: labelsOf(name) },
  template: { metadata: { labels: labelsOf(name) }, spec: podSpec(spec) },
})

export const podSpec = (spec: Section): Section => ({
  automountServiceAccountToken: false,
  // else the environment has a variable for each port of each service of the namespace
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    fsGroup: 10001,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  ...spec,
})

export const locked = (): Section => ({
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
})

/** Memory is requested as it is limited: a node has what its pods may take. */
export const resources = (cpu: string, memory: string): Section => ({
  resources: { requests: { cpu, memory }, limits: { memory } },
})

/** Disk of a StatefulSet, kept when its pod moves. */
export const claim = (name: string, size: string): Section => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
})

export const probe = (path: string, port: number): Section => ({
  httpGet: { path, port },
  periodSeconds: 10,
  failureThreshold: 6,
})

const secrets = ['AFN_HMAC_KEY', 'AFN_HMAC_KEY_ID', 'AFN_INGEST_TOKEN', 'AFN_GATEWAY_TOKEN', 'AFN_LANGFUSE_AUTH']

/** Made from the folder secrets/, as README.md says; what lacks its secret fails alone. */
export const alertSecrets = (): Section => ({
  name: 'secrets',
  secret: { secretName: 'afn-otel-alerts', optional: true },
})

/** Those secrets alone that a configuration of the Collector names. */
export const secretsIn = (config: string): Section[] =>
  variablesIn(config).flatMap(({ name }) => (secrets.includes(name) ? [fromSecret(name)] : []))

/** @param key of the Secret @param optional a pod starts without it */
export const fromSecret = (name: string, key: string = name, optional = false): Section => ({
  name,
  valueFrom: { secretKeyRef: { name: SECRET, key, ...(optional && { optional }) } },
})

export const plain = (values: Record<string, string>): Section[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }))
