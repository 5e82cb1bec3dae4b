// Thanos beside the one Prometheus of a cluster that has a bucket. A sidecar uploads what Prometheus has written; the compactor makes the
// medium and low resolutions of it, and deletes each at its time; a gateway reads the bucket; the querier puts both together.
import { type Resolution, resolutionLookbacks, resolutionSteps } from '../../shared/tiers'
import { prometheusOf } from './hosts'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

/** Services, as their pods are called. */
export const [STORE, COMPACTOR, QUERIER] = ['thanos-store', 'thanos-compactor', 'thanos-query'] as const

/** Of its parts among each other, and where each has its metrics. */
export const GRPC_PORT = 10_901
export const HTTP_PORT = 10_902
/** Where the querier speaks Prometheus' API. */
export const QUERIER_PORT = 9090

export const THANOS_CONF = '/etc/thanos'
export const BUCKET_FILE = 'thanos-bucket.yml'
export const ENDPOINTS_FILE = 'thanos-endpoints.yml'

/** By which the compactor knows whose blocks belong together. It has to stay as it is; answers of the querier don't have it. */
export const UPLOADER = 'prometheus_replica'
export const uploader = { [UPLOADER]: `${prometheusOf.high}-0` }

const uploadsFile = (folder: string): string => `${folder}/thanos.shipper.json`

/** The sidecar uploads no block that was compacted: neither one of several, nor one of samples that came late and another of the same time. */
export const awaitsUpload = (folder: string): string => `--storage.tsdb.delay-compact-file.path=${uploadsFile(folder)}`

/** Where the file is missing, Prometheus waits for nobody: it is there before Prometheus starts, whatever keeps the sidecar from starting. */
export const beginUploads = (folder: string): string[] => [
  'sh',
  '-c',
  `[ -e ${uploadsFile(folder)} ] || echo '{"version":1}' > ${uploadsFile(folder)}`,
]

export const scrapedThanos = [
  `${prometheusOf.high}:${HTTP_PORT}`,
  `${STORE}:${HTTP_PORT}`,
  `${COMPACTOR}:${HTTP_PORT}`,
  `${QUERIER}:${QUERIER_PORT}`,
]

const bucketFile = `--objstore.config-file=${THANOS_CONF}/${BUCKET_FILE}`
const data = (folder: string) => `--data-dir=${folder}`

/** Hours of its data for which Prometheus is asked beside the bucket: more than the two until a block is written, and an outage of the bucket. */
const RECENT_HOURS = 12

/** @param folder where Prometheus has its blocks */
export const sidecarArguments = (folder: string): string[] => [
  'sidecar',
  `--tsdb.path=${folder}`,
  '--prometheus.url=http://127.0.0.1:9090',
  bucketFile,
  `--min-time=-${RECENT_HOURS}h`,
]

export const storeArguments = (folder: string): string[] => [
  'store',
  data(folder),
  bucketFile,
  // 250 MB and 2 GB by default, in a pod of 2 GiB
  '--index-cache-size=250MB',
  '--chunk-pool-size=500MB',
]

export const compactorArguments = (folder: string, { retention: { metrics } }: Plan): string[] => [
  'compact',
  '--wait',
  data(folder),
  bucketFile,
  // blocks of samples that came late overlap with others; without it the compactor halts on them
  '--compact.enable-vertical-compaction',
  `--retention.resolution-raw=${metrics.high}d`,
  `--retention.resolution-5m=${metrics.medium}d`,
  `--retention.resolution-1h=${metrics.low}d`,
]

export const querierArguments = (): string[] => [
  'query',
  `--http-address=0.0.0.0:${QUERIER_PORT}`,
  `--endpoint.sd-config-file=${THANOS_CONF}/${ENDPOINTS_FILE}`,
  `--query.replica-label=${UPLOADER}`,
  // by time alone. Thanos' default guesses which of several replicas to follow, and leaves out samples that came late
  '--deduplication.func=chain',
  // a store that doesn't answer would be a sum that is too low, with a warning that few clients show
  '--no-query.partial-response',
]

/** thanos-endpoints.yml. */
export const thanosEndpoints = (): Section => ({
  endpoints: [prometheusOf.high, STORE].map(name => ({
    address: `${name}:${GRPC_PORT}`,
    strict: note('asked even if it was away: a query then fails, and is not answered by halves', true),
  })),
})

/** Parameters of each query of a data source that shows a coarser resolution. */
export const asThinned = (resolution: Exclude<Resolution, 'high'>): string =>
  new URLSearchParams({
    max_source_resolution: resolutionSteps[resolution],
    lookback_delta: resolutionLookbacks[resolution],
  }).toString()
