// Certificates, which cert-manager signs, keeps in Secrets, and renews.

import type { Plan } from '../plan'
import { GATEWAY_NAME } from '../trusted-hop'
import { note, type Section } from '../yaml-comments'
import { NAMESPACE, object } from './object'

const secretOf = (name: string): string => `${name}-tls`

/** Mounted into the pods of `name`. @param folder where the container looks for the files */
export const certificateMount = (
  { tls }: Plan,
  name: string,
  folder: string,
): { volumes: Section[]; mounts: Section[] } =>
  tls.issuer === ''
    ? { volumes: [], mounts: [] }
    : {
        volumes: [{ name: 'tls', secret: { secretName: secretOf(name) } }],
        mounts: [{ name: 'tls', mountPath: folder, readOnly: true }],
      }

export const certificates = (plan: Plan): Section[] => [
  certificate(plan, 'otel-agent', ['otel-agent'], ['client auth']),
  certificate(plan, 'otel-gateway', [GATEWAY_NAME], ['server auth', 'client auth']),
  certificate(plan, 'tempo', ['tempo', `tempo.${NAMESPACE}.svc`], ['server auth']),
]

const certificate = ({ tls }: Plan, name: string, dnsNames: string[], usages: string[]): Section =>
  object('cert-manager.io/v1', 'Certificate', name, {
    spec: {
      secretName: secretOf(name),
      dnsNames,
      usages: ['digital signature', ...usages],
      duration: '2160h',
      renewBefore: '720h',
      privateKey: {
        algorithm: 'ECDSA',
        size: 256,
        rotationPolicy: note('each certificate has a key of its own', 'Always'),
      },
      issuerRef: { group: 'cert-manager.io', kind: tls.kind, name: tls.issuer },
    },
  })
