// Parts that the manifests share. Used by every file of this folder.
import type { Section } from '../note'

export const NAMESPACE = 'afn-otel'
/** Made by the operator: AFN_HMAC_KEY, AFN_INGEST_TOKEN, AFN_GATEWAY_TOKEN, AFN_LANGFUSE_AUTH, AFN_S3_*, AFN_THANOS_OBJSTORE. */
export const SECRET = 'afn-otel'

export const namespace = (): Section => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } })

export const labelsOf = (name: string): Section => ({ 'app.kubernetes.io/name': name })

export function object(apiVersion: string, kind: string, name: string, more: Section): Section {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) }, ...more }
}

export const configMap = (name: string, data: Record<string, string>): Section =>
  object('v1', 'ConfigMap', name, { data })

/** @param ports name and number of each */
export function service(name: string, ports: Record<string, number>, more: Section = {}): Section {
  return object('v1', 'Service', name, {
    spec: {
      selector: labelsOf(name),
      ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, targetPort: number })),
      ...more,
    },
  })
}

/** What DaemonSet, Deployment and StatefulSet have in common. */
export const podTemplate = (name: string, spec: Section): Section => ({
  selector: { matchLabels: labelsOf(name) },
  template: {
    metadata: { labels: labelsOf(name) },
    spec: {
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...spec,
    },
  },
})

export const locked = (): Section => ({
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
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
