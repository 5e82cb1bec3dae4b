// Certificates in the manifests of a cluster: who has which, and what is refused.
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'

interface Pod {
  readonly containers: readonly {
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  }[]
  readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[]
}
const filesOf = (own: object) => generateFiles(planOf('cluster', own))
const objectsOf = (own: object) =>
  filesOf(own)
    .filter(({ path }) => path.startsWith('k8s/'))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))

it('each part has the Secret of its own certificate, where its configuration looks for it', () => {
  const objects = objectsOf({ tls: { issuer: 'internal', kind: 'Issuer' } })
  const certificates = objects.filter(({ kind }) => kind === 'Certificate')
  expect(certificates.map(({ metadata, spec }) => [metadata.name, spec.secretName, spec.issuerRef.kind])).toEqual(
    ['otel-agent', 'otel-gateway', 'tempo'].map(name => [name, `${name}-tls`, 'Issuer']),
  )
  const mounted = objects.flatMap(({ metadata, spec }) => {
    const pod: Pod | undefined = spec?.template?.spec
    const secret = pod?.volumes?.find(({ name }) => name === 'tls')?.secret?.secretName
    const at = pod?.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.filter(({ name }) => name === 'tls'))
    return secret ? [[metadata.name, secret, ...at!.map(({ mountPath }) => mountPath)]] : []
  })
  expect(mounted.sort()).toEqual([
    ['otel-agent', 'otel-agent-tls', '/etc/otelcol/tls'],
    ['otel-agent-edge', 'otel-agent-tls', '/etc/otelcol/tls'],
    ['otel-gateway', 'otel-gateway-tls', '/etc/otelcol/tls'],
    ['tempo', 'tempo-tls', '/etc/tempo/tls'],
  ])
  const tempo = parse(filesOf({ tls: { issuer: 'internal' } }).find(({ path }) => path === 'tempo.yaml')!.content)
  expect(tempo.distributor.receivers.otlp.protocols.grpc.tls.cert_file).toBe('/etc/tempo/tls/tls.crt')
})

it('without an issuer nothing of it is there', () => {
  const text = filesOf({})
    .map(({ content }) => content)
    .join('\n')
  expect(text).not.toMatch(/cert-manager|cert_file|AFN_TLS_DIR/)
})

it.each([
  ['single', { issuer: 'internal' }, 'pipeline.tls.issuer is internal, and cert-manager is a part of a cluster'],
  ['cluster', { issuer: 'In Ternal' }, 'pipeline.tls.issuer is "In Ternal"; write the name of an issuer'],
  [
    'cluster',
    { issuer: 'internal', kind: 'Authority' },
    'pipeline.tls.kind is "Authority"; write ClusterIssuer or Issuer',
  ],
  ['cluster', { certificate: 'x' }, 'pipeline.tls.certificate is nothing that can be set; known are issuer, kind'],
] as const)('a mistake is named: %s %j', (profile, tls, words) => {
  expect(() => planOf(profile, { tls })).toThrow(words)
})
