// Object storage in the place of disks. Its keys are in the environment of the stores, by the names that S3's own clients know.
import { note, type Section } from './yaml-comments'

export interface Bucket {
  /** '' where stores keep what they have on their disks. */
  readonly name: string
  /** URL of a server that speaks S3; '' for that of AWS in the region. */
  readonly endpoint: string
  readonly region: string
}

export const noBucket: Bucket = { name: '', endpoint: '', region: 'us-east-1' }

/** Without them a store asks the machine that it runs on. */
export const keysOfBucket = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

/** @throws Error that names the path, what stands there, and what is allowed */
export function checkedBucket(bucket: Bucket, path: string): Bucket {
  const { name, endpoint, region } = bucket
  const refused = (key: keyof Bucket, allowed: string) =>
    new Error(`${path}.${key} is ${JSON.stringify(bucket[key])}; write ${allowed}`)
  if (name === '' && (endpoint !== '' || region !== noBucket.region))
    throw new Error(`${path}.name is missing: nothing is kept in a bucket without a name`)
  if (name !== '' && !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    throw refused('name', 'the name of a bucket, 3 to 63 of a-z, 0-9, . and -')
  if (!/^[a-z0-9-]+$/.test(region)) throw refused('region', 'a region such as eu-central-1')
  if (endpoint !== '' && !isServer(endpoint))
    throw refused(
      'endpoint',
      'the URL of a server alone, such as https://s3.example.com:9000, without a path and without keys in it',
    )
  return bucket
}

function isServer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, pathname, search, hash, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && [pathname.slice(1), search, hash, username, password].every(part => part === '')
}

/** Its host, and what else a client has to know of it. Servers other than AWS' have buckets as paths, not as hosts. */
function server({ endpoint, region }: Bucket): { host: string; isPlain: boolean; isPath: boolean } {
  if (endpoint === '') return { host: `s3.${region}.amazonaws.com`, isPlain: false, isPath: false }
  const { host, protocol } = new URL(endpoint)
  return { host, isPlain: protocol === 'http:', isPath: !/\.amazonaws\.com(?:\.cn)?$/.test(host) }
}

/** bucket.yml of every part of Thanos. It takes the keys from the environment where the file has none. */
export function thanosBucket(bucket: Bucket): Section {
  const { host, isPlain, isPath } = server(bucket)
  return {
    type: 'S3',
    config: {
      bucket: bucket.name,
      endpoint: host,
      region: bucket.region,
      insecure: isPlain,
      bucket_lookup_type: isPath ? 'path' : 'auto',
    },
    prefix: note('separate from the data of Loki and Tempo', 'thanos'),
  }
}

/** `storage.trace` of tempo.yaml, beside its write-ahead log. */
export function tempoBlocks(bucket: Bucket, folder: string): Section {
  if (bucket.name === '') return { backend: 'local', local: { path: folder } }
  const { host, isPlain, isPath } = server(bucket)
  return {
    backend: 's3',
    s3: {
      bucket: bucket.name,
      prefix: note('separate from the data of Loki', 'tempo'),
      endpoint: host,
      region: bucket.region,
      insecure: isPlain,
      forcepathstyle: isPath,
    },
  }
}

/** `common.storage` of loki.yaml, and its name in other places of it. */
export function lokiStorage(bucket: Bucket, folder: string): { kind: 's3' | 'filesystem'; storage: Section } {
  if (bucket.name === '')
    return {
      kind: 'filesystem',
      storage: { filesystem: { chunks_directory: `${folder}/chunks`, rules_directory: `${folder}/rules` } },
    }
  const { host, isPlain, isPath } = server(bucket)
  return {
    kind: 's3',
    storage: {
      s3: {
        bucketnames: bucket.name,
        endpoint: host,
        region: bucket.region,
        insecure: isPlain,
        s3forcepathstyle: isPath,
      },
    },
  }
}
