// What the attack review found to hold of the generated files, so that it stays so. The oracles are the Compose file's own syntax for required
// variables and addresses, and the controls of Kubernetes' Pod Security Standards, profile "restricted".
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../../src/pipeline/deployment/generate'
import { planOf } from '../../../src/pipeline/deployment/plan'

// biome-ignore lint/suspicious/noExplicitAny: a document of YAML has no type
type Json = Record<string, any>

const contentOf = (profile: 'laptop' | 'single' | 'cluster', name: string): string =>
  generateFiles(planOf(profile)).find(({ path }) => path === name)!.content

/** Each value that stands under this key, at any depth. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(inner, key)])
}

describe('the Collector', () => {
  const collector: Json = parse(contentOf('laptop', 'otel-collector.yaml'))

  it('listens on loopback unless an environment variable says otherwise', () => {
    const listens = [...valuesOf(collector.receivers, 'endpoint'), collector.extensions.health_check?.endpoint]
    expect(listens.length).toBeGreaterThan(3)
    for (const endpoint of listens.filter(Boolean)) expect(endpoint).toMatch(/^(\$\{env:\w+:-)?127\.0\.0\.1:\d+\}?$/)
  })

  it('has nothing that shows its inside, and lets no page in', () => {
    const names = [...Object.keys(collector.extensions), ...Object.keys(collector.exporters)]
    expect(names.filter(name => /^(zpages|pprof|debug|remotetap)\b/.test(name))).toEqual([])
    expect(valuesOf(collector, 'cors')).toEqual([])
  })
})

describe.each(['laptop', 'single'] as const)('compose.yaml, %s', profile => {
  const text = contentOf(profile, 'compose.yaml')
  const services: [string, Json][] = Object.entries((parse(text) as Json).services)

  it('publishes ports on loopback alone', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports as string[])
    expect(ports.length).toBeGreaterThan(3)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('starts with no password that it brings along', () => {
    const required = new Set(Array.from(text.matchAll(/\$\{(\w+):\?/g), ([, name]) => name))
    const used = Array.from(
      text.matchAll(/\$\{(\w*(?:PASSWORD|SECRET|TOKEN|ENCRYPTION_KEY)\w*)\}/g),
      ([, name]) => name,
    )
    for (const name of used) expect(required).toContain(name)
    for (const [service, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment as Json))
        if (/PASSWORD$|SECRET|TOKEN$|ENCRYPTION_KEY$|HMAC_KEY$/.test(name))
          expect(`${value}`, `${service} ${name}`).toMatch(/\$\{/)
  })

  it('gives no container more than a container has', () => {
    for (const [service, definition] of services) {
      for (const key of ['privileged', 'cap_add', 'pid', 'ipc', 'network_mode', 'devices', 'userns_mode'])
        expect(definition[key], `${service} ${key}`).toBeUndefined()
      expect(JSON.stringify(definition.volumes ?? []), service).not.toContain('docker.sock')
    }
  })
})

describe('the manifests of the cluster profile', () => {
  const manifests = generateFiles(planOf('cluster'))
    .filter(({ path: file }) => file.startsWith('k8s/'))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS() as Json))
  const pods: [string, Json, Json][] = manifests.flatMap(({ kind, metadata, spec }) => {
    const template = spec?.jobTemplate?.spec.template ?? spec?.template
    return template
      ? [[`${kind} ${metadata.name}`, template.spec, template.metadata.labels] as [string, Json, Json]]
      : []
  })
  const containers = pods.flatMap(([pod, spec]) =>
    [...(spec.initContainers ?? []), ...spec.containers].map((container: Json): [string, Json, Json] => [
      `${pod} ${container.name}`,
      container,
      spec,
    ]),
  )

  it('are many pods', () => expect(pods.length).toBeGreaterThan(5))

  it('let no pod be root, write to its image, or speak to the API of Kubernetes', () => {
    for (const [name, container, pod] of containers) {
      const context = { ...pod.securityContext, ...container.securityContext }
      expect(context.runAsNonRoot, name).toBe(true)
      expect(context.allowPrivilegeEscalation, name).toBe(false)
      expect(context.readOnlyRootFilesystem, name).toBe(true)
      expect(context.capabilities?.drop, name).toEqual(['ALL'])
      expect(context.capabilities?.add, name).toBeUndefined()
      expect(context.privileged ?? false, name).toBe(false)
      expect(pod.automountServiceAccountToken, name).toBe(false)
      for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod[key] ?? false, name).toBe(false)
    }
  })

  it('take secrets from a Secret, and hold none', () => {
    for (const [name, container] of containers)
      for (const { name: variable, value } of (container.env ?? []) as Json[])
        if (/PASSWORD$|SECRET|TOKEN$|HMAC_KEY$|ACCESS_KEY/.test(variable))
          expect(value, `${name} ${variable}`).toBeUndefined()
    for (const { kind, data, stringData } of manifests)
      if (kind === 'Secret') expect([data ?? {}, stringData ?? {}]).toEqual([{}, {}])
  })

  it('let each pod be reached by those alone whom a policy names', () => {
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Json)
    // a pod that a policy selects takes nothing but what a policy allows
    const selected = (labels: Json) =>
      policies.some(({ podSelector, policyTypes }) => {
        const wanted = Object.entries(podSelector?.matchLabels ?? {})
        return policyTypes.includes('Ingress') && wanted.every(([name, value]) => labels[name] === value)
      })
    for (const [pod, , labels] of pods) expect(selected(labels), pod).toBe(true)
    for (const { ingress = [] } of policies)
      for (const { from, ports } of ingress) {
        expect(from.length).toBeGreaterThan(0)
        expect(ports.length).toBeGreaterThan(0)
      }
  })
})
