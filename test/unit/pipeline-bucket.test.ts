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
