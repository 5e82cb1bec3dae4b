// Tempo and Loki in a bucket: what their files, containers and pods then say, and what is refused.
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import type { ProfileName } from '../../src/pipeline/deployment/profiles'

const filesOf = (profile: ProfileName, own: object) =>
  Object.fromEntries(generateFiles(planOf(profile, own)).map(({ path, content }) => [path, content]))
const pod = (text: string, name: string) =>
  parseAllDocuments(text)
    .map(document => document.toJS())
    .find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name).spec

describe('a bucket', () => {
  it.each(['single', 'cluster'] as const)('is all that %s has to be told, and both stores use it', profile => {
    const files = filesOf(profile, { bucket: { name: 'acme-telemetry', region: 'eu-central-1' } })
    const [tempo, loki] = [parse(files['tempo.yaml']!), parse(files['loki.yaml']!)]
    const server = { endpoint: 's3.eu-central-1.amazonaws.com', region: 'eu-central-1', insecure: false }
    expect(tempo.storage.trace).toMatchObject({
      backend: 's3',
      s3: { ...server, bucket: 'acme-telemetry', forcepathstyle: false },
    })
    expect(tempo.storage.trace).not.toHaveProperty('local')
    expect(loki.common.storage).toEqual({
      s3: { ...server, bucketnames: 'acme-telemetry', s3forcepathstyle: false },
    })
    expect(loki.schema_config.configs[0].object_store).toBe('s3')
    expect(loki.compactor.delete_request_store).toBe('s3')
    // Loki has the root of the bucket
    expect(tempo.storage.trace.s3.prefix).toBe('tempo')
  })

  it('of a server of their own is a path there, over plain HTTP where its address says so', () => {
    const files = filesOf('cluster', { bucket: { name: 'afn', endpoint: 'http://seaweedfs.storage:8333' } })
    const [tempo, loki] = [parse(files['tempo.yaml']!), parse(files['loki.yaml']!)]
    const server = { endpoint: 'seaweedfs.storage:8333', insecure: true }
    expect(tempo.storage.trace.s3).toMatchObject({ ...server, forcepathstyle: true })
    expect(loki.common.storage.s3).toMatchObject({ ...server, s3forcepathstyle: true })
  })

  it('has its keys in the environment of the two stores alone, and in no file', () => {
    const own = { bucket: { name: 'afn' } }
    const { services } = parse(filesOf('single', own)['compose.yaml']!)
    const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    const withKeys = Object.entries<{ environment?: object }>(services).filter(([, { environment = {} }]) =>
      keys.some(key => key in environment),
    )
    expect(withKeys.map(([name]) => name)).toEqual(['tempo', 'loki'])
    for (const [, { environment }] of withKeys)
      expect(environment).toMatchObject(Object.fromEntries(keys.map(key => [key, `\${${key}:-}`])))
    const files = filesOf('cluster', own)
    for (const name of ['tempo', 'loki']) {
      const { template, volumeClaimTemplates } = pod(files[`k8s/${name}.yaml`]!, name)
      expect(template.spec.containers[0].env).toEqual(
        expect.arrayContaining(
          keys.map(key => ({ name: key, valueFrom: { secretKeyRef: { name: 'afn-otel', key, optional: true } } })),
        ),
      )
      expect(volumeClaimTemplates[0].spec.resources.requests.storage).toBe('20Gi')
    }
    expect(JSON.stringify(filesOf('cluster', {}))).not.toContain('AWS_')
  })

  it.each([
    [{ name: 'Acme_Telemetry' }, 'pipeline.bucket.name is "Acme_Telemetry"; write the name of a bucket'],
    [{ endpoint: 'https://s3.example.com' }, 'pipeline.bucket.name is missing'],
    [{ region: 'eu-central-1' }, 'pipeline.bucket.name is missing'],
    [{ name: 'afn', region: 'EU Central' }, 'pipeline.bucket.region is "EU Central"; write a region'],
    [
      { name: 'afn', endpoint: 's3.example.com:9000' },
      'pipeline.bucket.endpoint is "s3.example.com:9000"; write the URL',
    ],
    [{ name: 'afn', endpoint: 'https://s3.example.com/afn' }, 'without a path'],
    [{ name: 'afn', endpoint: 'https://key:secret@s3.example.com' }, 'without keys in it'],
    [
      { name: 'afn', access_key: 'AKIA' },
      'pipeline.bucket.access_key is nothing that can be set; known are name, endpoint, region',
    ],
  ])('with a mistake is refused: %j', (bucket, words) => {
    expect(() => planOf('cluster', { bucket })).toThrow(words)
  })
})

describe('the metrics of a cluster with a bucket', () => {
  const files = filesOf('cluster', { bucket: { name: 'acme-telemetry', region: 'eu-central-1' } })
  const objects = Object.entries(files)
    .filter(([path]) => path.startsWith('k8s/'))
    .flatMap(([, text]) => parseAllDocuments(text).map(document => document.toJS()))
  const containers = objects.flatMap(
    ({ spec }) =>
      (spec?.template?.spec.containers ?? []) as { name: string; args?: string[]; env: { name: string }[] }[],
  )
  const container = (name: string) => containers.find(one => one.name === name)!
  const datasource = (uid: string) =>
    parse(files['grafana/datasources.yaml']!).datasources.find((one: { uid: string }) => one.uid === uid)

  it('are uploaded from one Prometheus, and kept in the bucket for the times of the three resolutions', () => {
    expect(parse(files['thanos-bucket.yml']!)).toEqual({
      type: 'S3',
      config: {
        bucket: 'acme-telemetry',
        endpoint: 's3.eu-central-1.amazonaws.com',
        region: 'eu-central-1',
        insecure: false,
        bucket_lookup_type: 'auto',
      },
      prefix: 'thanos',
    })
    const names = containers.map(({ name }) => name).filter(name => /thanos|prometheus/.test(name))
    expect(names).toEqual(['prometheus', 'thanos-sidecar', 'thanos-store', 'thanos-compactor', 'thanos-query'])
    expect(container('thanos-compactor').args).toEqual(
      expect.arrayContaining([
        '--retention.resolution-raw=7d',
        '--retention.resolution-5m=32d',
        '--retention.resolution-1h=365d',
      ]),
    )
    for (const { name, env } of containers)
      expect([name, env.some(one => one.name === 'AWS_SECRET_ACCESS_KEY')]).toEqual([
        name,
        ['tempo', 'loki', 'thanos-sidecar', 'thanos-store', 'thanos-compactor'].includes(name),
      ])
  })

  it('are rated over 30 days by Prometheus itself, whose alerts have no label of the upload', () => {
    const { global, storage, alerting, remote_write } = parse(files['prometheus.yml']!)
    expect(storage.tsdb.retention.time).toBe('32d')
    expect(remote_write).toBeUndefined()
    const [[label]] = Object.entries(global.external_labels) as [[string, string]]
    expect(alerting.alert_relabel_configs[0]).toEqual({ regex: label, action: 'labeldrop' })
    expect(Object.keys(files).filter(path => path.startsWith('rules/period/'))).toEqual([])
    expect(files['rules/afn-pipeline.yml']).toContain(
      'prometheus_tsdb_retention_limit_seconds{job="prometheus", resolution="high"} != 2764800',
    )
    expect(files['otel-collector.yaml']).not.toContain('AFN_PROMETHEUS_MEDIUM')
  })

  it('are shown in Grafana by the resolution of each data source, of samples that far apart', () => {
    expect(container('thanos-query').args).toContain('--deduplication.func=chain')
    expect(datasource('prometheus-high').url).toBe('http://prometheus:9090')
    expect(datasource('prometheus-high').jsonData).not.toHaveProperty('customQueryParameters')
    for (const [uid, parameters] of [
      ['prometheus-medium', 'max_source_resolution=5m&lookback_delta=15m'],
      ['prometheus-low', 'max_source_resolution=1h&lookback_delta=3h'],
    ] as const) {
      const { url, jsonData } = datasource(uid)
      expect([url, jsonData.customQueryParameters]).toEqual(['http://thanos-query:9090', parameters])
    }
  })

  it('pass between pods that a policy lets through, and nobody else reaches the readers of the bucket', () => {
    const from = (name: string, port: number) =>
      objects
        .find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name)
        .spec.ingress.filter(({ ports }: { ports: { port: number }[] }) => ports.some(one => one.port === port))
        .flatMap(({ from }: { from: { podSelector: { matchLabels: Record<string, string> } }[] }) =>
          from.map(({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/name']),
        )
    expect(from('prometheus', 10901)).toEqual(['thanos-query'])
    expect(from('thanos-store', 10901)).toEqual(['thanos-query'])
    expect(from('thanos-query', 9090)).toEqual(['prometheus', 'jobs', 'grafana'])
    expect(from('thanos-compactor', 10902)).toEqual(['prometheus'])
  })

  it('of fewer days than the next resolution takes to be made are refused', () => {
    const planWith = (metrics: object) => planOf('cluster', { bucket: { name: 'afn' }, retention: { metrics } })
    expect(() => planWith({ high: 3 })).toThrow(
      'pipeline.retention.metrics.high is 3 days; with a bucket, Thanos needs 4',
    )
    expect(() => planWith({ medium: 14 })).toThrow('pipeline.retention.metrics.medium is 14 days')
    expect(planWith({ high: 4, medium: 18 }).metrics).toBe('thanos')
    expect(planOf('cluster', { retention: { metrics: { high: 3 } } }).metrics).toBe('three')
  })
})
