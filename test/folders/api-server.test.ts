// A real kube-apiserver admits what the cluster profile consists of: every manifest with strict field validation, and a pod of each
// template under the profile that the namespace enforces. No kubelet, scheduler or controller runs.
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { findCertManager, findKubernetes } from '../support/binaries.mjs'
import { freePorts } from '../support/ports'
import { until } from './containers'

const kubernetes = findKubernetes()
if ('missing' in kubernetes) writeSync(1, `skipped: manifests at an API server: ${kubernetes.missing}\n`)

const certManager = findCertManager()
if ('missing' in certManager) writeSync(1, `skipped: certificates at an API server: ${certManager.missing}\n`)

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: {
    readonly template?: { readonly spec: object }
  }
}

describe.skipIf('missing' in kubernetes)('an API server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-kubernetes-'))
  const token = randomUUID()
  const children: ChildProcess[] = []
  let port: number

  beforeAll(async () => {
    const [etcd, peer, secure] = (await freePorts(3)) as [number, number, number]
    port = secure
    const file = (name: string, text: string) => {
      writeFileSync(path.join(folder, name), text)
      return path.join(folder, name)
    }
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const binaries = kubernetes as Exclude<typeof kubernetes, { missing: string }>
    const start = (binary: string, args: string[]) =>
      children.push(spawn(binary, args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] }))
    start(binaries.etcd, [
      `--data-dir=${folder}/etcd`,
      `--listen-client-urls=http://127.0.0.1:${etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
    ])
    start(binaries.apiserver, [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${secure}`,
      `--cert-dir=${folder}/certificates`,
      '--service-cluster-ip-range=10.96.0.0/24',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${file('sa.key', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())}`,
      `--service-account-key-file=${file('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString())}`,
      `--token-auth-file=${file('tokens.csv', `${token},admin,admin,system:masters\n`)}`,
      '--authorization-mode=RBAC',
      // no controller makes the account that it would look for
      '--disable-admission-plugins=ServiceAccount',
    ])
    await until('the API server', async () => (await ask('GET', '/readyz').catch(() => undefined))?.status === 200)
  })
  afterAll(async () => {
    const ended = children.map(child => new Promise(resolve => child.once('close', resolve)))
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(ended)
    rmSync(folder, { recursive: true, force: true })
  })

  function ask(method: string, at: string, yaml = ''): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/yaml',
        accept: 'application/json',
        'content-length': Buffer.byteLength(yaml),
      }
      const options = { host: '127.0.0.1', port, path: at, method, headers, rejectUnauthorized: false }
      request(options, response => {
        let body = ''
        response.setEncoding('utf8').on('data', chunk => {
          body += chunk
        })
        response.once('end', () => resolve({ status: response.statusCode!, body }))
      })
        .once('error', reject)
        .end(yaml)
    })
  }

  /** Posts a document as it stands in its file; an unknown or doubled field is refused. */
  async function create({ apiVersion, kind, metadata }: Manifest, yaml: string): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    const { resources } = JSON.parse((await ask('GET', group)).body)
    const { name } = resources.find(
      (one: { kind: string; name: string }) => one.kind === kind && !one.name.includes('/'),
    )
    const within = metadata.namespace ? `/namespaces/${metadata.namespace}` : ''
    const { status, body } = await ask('POST', `${group}${within}/${name}?fieldValidation=Strict`, yaml)
    return status === 201 ? 'created' : `${status} ${JSON.parse(body).message}`
  }

  const documentsOf = (pipeline: object) =>
    generateFiles(planOf('cluster', { langfuse: true, edge: 'LoadBalancer', tls: { issuer: 'internal' }, ...pipeline }))
      .filter(({ path: file }) => file.startsWith('k8s/'))
      .flatMap(({ content }) => parseAllDocuments(content))
      .map(document => ({ manifest: document.toJS() as Manifest, yaml: document.toString() }))
      .filter(({ manifest }) => manifest.kind !== 'Certificate' || 'file' in certManager)
  /** With a bucket, and of a cluster without one what that has besides. */
  const documents = () => {
    const inBucket = documentsOf({ bucket: { name: 'acme-telemetry' } })
    const nameOf = ({ manifest: { kind, metadata } }: (typeof inBucket)[number]) => `${kind} ${metadata.name}`
    const names = new Set(inBucket.map(nameOf))
    return [...inBucket, ...documentsOf({}).filter(one => !names.has(nameOf(one)))]
  }

  it('admits every manifest of the cluster profile', async () => {
    if ('file' in certManager) {
      const definition = readFileSync(certManager.file, 'utf8')
      expect(await create(parse(definition), definition)).toBe('created')
      const group = '/apis/cert-manager.io/v1'
      await until('certificates to be known', async () => (await ask('GET', group)).body.includes('"Certificate"'))
    }
    const all = documents()
    expect(all.length).toBeGreaterThan(25)
    for (const { manifest, yaml } of all)
      expect({ [`${manifest.kind} ${manifest.metadata.name}`]: await create(manifest, yaml) }).toEqual({
        [`${manifest.kind} ${manifest.metadata.name}`]: 'created',
      })
  })

  it('admits a pod of each template under the profile "restricted"', async () => {
    const specs = documents().flatMap(({ manifest: { metadata, spec } }) => {
      const template = spec?.template
      return template ? [{ name: metadata.name, spec: template.spec }] : []
    })
    expect(specs.length).toBe(14)
    for (const { name, spec } of specs) {
      // a claim becomes a volume when a controller makes the pod
      const { volumes = [], containers } = spec as {
        volumes?: { name: string }[]
        containers: { volumeMounts?: { name: string }[] }[]
      }
      const mounted = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(mount => mount.name)))
      const claims = [...mounted]
        .filter(name => !volumes.some(volume => volume.name === name))
        .map(name => ({ name, persistentVolumeClaim: { claimName: name } }))
      const withClaim = { ...spec, volumes: [...volumes, ...claims] }
      expect({ [name]: await createPod(name, withClaim) }).toEqual({ [name]: 'created' })
    }
  })

  const createPod = (name: string, spec: object) => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `${name}-x`, namespace: 'afn-otel' }, spec }
    return create(pod, JSON.stringify(pod))
  }

  it('refuses a pod that is root, and a field that it does not know', async () => {
    const container = { name: 'a', image: 'a' }
    expect(await createPod('root', { containers: [container] })).toMatch(/^403 .*violates PodSecurity "restricted/)
    expect(await createPod('wrong', { container: [container] })).toMatch(/^400 .*unknown field "spec.container"/)
  })
})
