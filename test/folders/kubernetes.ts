// The manifests of the cluster profile as containers: a pod is one container in all of them, so a pod's network and a container's
// are one.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { GeneratedFile } from '../../src/pipeline/deployment/generated-file'
import { type Container, type Host, type Image, own } from './containers'

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Record<string, string>
  readonly spec: {
    readonly replicas?: number
    readonly serviceName?: string
    readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: PodSpec }
    readonly selector?: Record<string, string>
    readonly podSelector?: { readonly matchLabels: Record<string, string> }
    readonly ingress?: readonly {
      readonly from: readonly Peer[]
      readonly ports: readonly { readonly port: number }[]
    }[]
  }
}

interface Peer {
  readonly namespaceSelector?: object
  readonly podSelector?: { readonly matchLabels: Record<string, string> }
}

interface PodSpec {
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number; readonly fsGroup: number }
  readonly containers: readonly [PodContainer]
  readonly volumes: readonly {
    readonly name: string
    readonly secret?: { readonly secretName: string }
    readonly configMap?: MountedMap
    readonly projected?: { readonly sources: readonly { readonly configMap: MountedMap }[] }
  }[]
}

interface MountedMap {
  readonly name: string
  readonly items?: readonly { readonly key: string; readonly path: string }[]
}

interface PodContainer {
  readonly image: string
  readonly args: readonly string[]
  readonly env: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly secretKeyRef?: { readonly key: string } }
  }[]
  readonly resources: { readonly limits: { readonly memory: string } }
  readonly volumeMounts: readonly {
    readonly name: string
    readonly mountPath: string
    readonly subPath?: string
    readonly readOnly?: boolean
  }[]
  readonly securityContext: { readonly readOnlyRootFilesystem: boolean }
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: number } }
}

export interface Pod {
  readonly name: string
  readonly container: Container
  readonly image: string
  /** What kubelet asks; undefined for what listens nowhere. */
  readonly ready: { readonly path: string; readonly port: number } | undefined
}

const DOMAIN = 'afn-otel.svc.cluster.local'

export const searched = `${DOMAIN} svc.cluster.local cluster.local`

/**
 * @param secrets what the Secret has, which is made from .env
 * @param made what Secrets and ConfigMaps have that are made from folders
 * @param forwarded what `kubectl port-forward` of the README opens: pod → ports of the host
 */
export function podsOf(
  host: Host,
  files: readonly GeneratedFile[],
  images: Record<string, Image>,
  secrets: Record<string, string>,
  forwarded: Record<string, [number, number][]>,
  made: Record<string, Record<string, string>>,
): Pod[] {
  const manifests = files
    .filter(({ path: file }) => file.startsWith('k8s/'))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS() as Manifest))
  const maps = new Map(
    manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata, data }) => [metadata.name, data!]),
  )
  const servicesFor = (name: string) =>
    manifests
      .filter(({ kind, spec }) => kind === 'Service' && spec.selector!['app.kubernetes.io/name'] === name)
      .map(({ metadata }) => `${metadata.name}.${DOMAIN}`)

  /** Pods by the value of the label by which everything selects them. */
  const podsNamed = new Map<string, string[]>()
  const LABEL = 'app.kubernetes.io/name'
  const admittedTo = (of: string) =>
    manifests
      .filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.podSelector!.matchLabels[LABEL] === of)
      .flatMap(({ spec }) => spec.ingress ?? [])
      .flatMap(({ from, ports }) =>
        from.map(({ podSelector }) => ({
          from: podSelector ? (podsNamed.get(podSelector.matchLabels[LABEL]!) ?? []) : ('anyone' as const),
          ports: [...new Set(ports.map(({ port }) => port))],
        })),
      )

  const podOf = (
    name: string,
    of: string,
    { securityContext, containers: [container], volumes }: PodSpec,
    governing: string | undefined,
  ): Pod => {
    const image = container.image.slice(0, container.image.lastIndexOf(':'))
    const { runAsUser, runAsGroup, fsGroup } = securityContext
    return {
      name,
      image,
      ready: container.readinessProbe?.httpGet,
      container: {
        name,
        image: images[image]!,
        args: container.args,
        env: Object.fromEntries(
          container.env.map(({ name: variable, value, valueFrom }) => [
            variable,
            // a field is the name of the pod
            value ?? (valueFrom?.secretKeyRef ? (secrets[valueFrom.secretKeyRef.key] ?? '') : name),
          ]),
        ),
        user: `${runAsUser}:${runAsGroup}`,
        mounts: container.volumeMounts.map(({ name: volume, mountPath, subPath = '', readOnly = false }) => {
          const mounted = volumes.find(({ name }) => name === volume)
          const mapped =
            mounted?.projected?.sources.map(({ configMap }) => configMap) ?? [mounted?.configMap ?? []].flat()
          const from = path.join(host.folder, 'pods', name, volume)
          mkdirSync(from, { recursive: true })
          // kubelet gives a disk and an emptyDir to the pod's group, and nobody the files of a ConfigMap
          if (mapped.length === 0 && !mounted?.secret) own(from, `0:${fsGroup}`, 0o2775)
          for (const { name: map, items } of mapped)
            for (const [key, text] of Object.entries(maps.get(map) ?? made[map] ?? {})) {
              const file = path.join(from, items?.find(item => item.key === key)?.path ?? key)
              mkdirSync(path.dirname(file), { recursive: true })
              writeFileSync(file, text)
            }
          const secret = mounted?.secret?.secretName
          for (const [file, text] of Object.entries(secret ? (made[secret] ?? {}) : {}))
            writeFileSync(path.join(from, file), text)
          return { from: path.join(from, subPath), to: mountPath, isReadOnly: readOnly }
        }),
        isReadOnly: container.securityContext.readOnlyRootFilesystem,
        // its service names each pod of a StatefulSet
        names: [...servicesFor(of), ...(governing ? [`${name}.${governing}.${DOMAIN}`] : [])],
        admits: admittedTo(of),
        ports: forwarded[name] ?? [],
        memory: bytes(container.resources.limits.memory),
      },
    }
  }

  const workloads = manifests.flatMap(({ kind, metadata: { name }, spec }) => {
    if (!['DaemonSet', 'StatefulSet', 'Deployment'].includes(kind)) return []
    const pods = kind === 'DaemonSet' ? [name] : Array.from({ length: spec.replicas ?? 1 }, (_, n) => `${name}-${n}`)
    return [{ name, pods, spec: spec.template.spec, governing: spec.serviceName }]
  })
  for (const { name, pods } of workloads) podsNamed.set(name, pods)
  return workloads.flatMap(({ name, pods, spec, governing }) => pods.map(pod => podOf(pod, name, spec, governing)))
}

function bytes(quantity: string): number {
  const [, number, unit] = /^(\d+)([MG])i$/.exec(quantity)!
  return Number(number) * 2 ** (unit === 'M' ? 20 : 30)
}
