// Metrics in a bucket as a cluster has them: a real S3 server, and Prometheus and Thanos with the arguments and files of the manifests, as
// processes on ports of their own.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'
import { findPrometheus, findSeaweedfs, findThanos } from './binaries.mjs'
import { freePorts } from './ports'
import { startServer } from './server'

const BUCKET = 'acme-telemetry'
const keys = { AWS_ACCESS_KEY_ID: 'telemetry', AWS_SECRET_ACCESS_KEY: 'of-a-test-0000000000' }

export interface Binaries {
  readonly prometheus: string
  readonly promtool: string
  readonly thanos: string
  readonly weed: string
}

/** Where one is missing, the sentence that says which. */
export function findStores(): Binaries | { readonly missing: string } {
  const [prometheus, thanos, weed] = [findPrometheus(), findThanos(), findSeaweedfs()]
  for (const found of [prometheus, thanos, weed]) if ('missing' in found) return found
  if (!('prometheus' in prometheus) || !('binary' in thanos) || !('binary' in weed)) throw new Error('unreachable')
  if (!prometheus.promtool) return { missing: `${prometheus.prometheus} has no promtool next to it` }
  return {
    ...{ prometheus: prometheus.prometheus, promtool: prometheus.promtool },
    thanos: thanos.binary,
    weed: weed.binary,
  }
}

/** One process. It keeps what it wrote over its starts. */
interface Part {
  readonly url: string
  start(): Promise<void>
  /** By SIGKILL. Nothing where it does not run. */
  kill(): Promise<void>
}

export interface BucketBlock {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly minTime: number
  readonly maxTime: number
  /** 0, five minutes or an hour, in milliseconds. */
  readonly resolution: number
  readonly level: number
}

export interface Answered {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [seconds: number, value: number])[]
}

export interface Stores {
  readonly s3: Part
  readonly prometheus: Part
  readonly sidecar: Part
  readonly store: Part
  readonly querier: Part
  /** Where Prometheus has its blocks. */
  readonly data: string
  /**
   * Once over what is there, without the days of grace before a block is deleted.
   * @param more instead of the manifest's arguments @param killAfterMs by SIGKILL
   */
  compact(more?: readonly string[], killAfterMs?: number): Promise<void>
  /** `thanos tools bucket …`. @returns what it prints */
  tools(...args: string[]): Promise<string>
  blocks(): Promise<BucketBlock[]>
  /** What a PromQL expression has, asked of the querier or of Prometheus. */
  query(of: Part, expression: string, parameters?: Readonly<Record<string, string>>): Promise<Answered[]>
  stop(): Promise<void>
}

type Container = { name: string; args: string[]; command?: string[] }

/** @param pipeline what stands under `pipeline` of the settings, besides the bucket */
export async function prepareStores({ prometheus, thanos, weed }: Binaries, pipeline: object = {}): Promise<Stores> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-thanos-'))
  const within = (...parts: string[]) => {
    const place = path.join(folder, ...parts)
    mkdirSync(place, { recursive: true })
    return place
  }
  const ports = await freePorts(17)
  const port = () => ports.pop()!
  const s3Port = port()
  const files = new Map(
    generateFiles(
      planOf('cluster', { ...pipeline, bucket: { name: BUCKET, endpoint: `http://127.0.0.1:${s3Port}` } }),
    ).map(({ path: file, content }) => [file, content]),
  )
  const containers = ['k8s/prometheus.yaml', 'k8s/thanos.yaml']
    .flatMap(file => parseAllDocuments(files.get(file)!).map(document => document.toJS()))
    .flatMap(({ spec }) => {
      const { initContainers = [], containers: own = [] } = spec?.template?.spec ?? {}
      return [...initContainers, ...own] as Container[]
    })
  const [sidecarGrpc, storeGrpc] = [port(), port()]
  const conf = within('conf')
  writeFileSync(path.join(conf, 'thanos-bucket.yml'), files.get('thanos-bucket.yml')!)
  writeFileSync(
    path.join(conf, 'thanos-endpoints.yml'),
    files
      .get('thanos-endpoints.yml')!
      .replace('prometheus:10901', `127.0.0.1:${sidecarGrpc}`)
      .replace('thanos-store:10901', `127.0.0.1:${storeGrpc}`),
  )
  const { scrape_configs: _, alerting: __, rule_files: ___, ...config } = parse(files.get('prometheus.yml')!)
  writeFileSync(path.join(conf, 'prometheus.yml'), JSON.stringify(config))

  const data = within('prometheus')
  const promPort = port()
  const argumentsOf = (name: string, own: string) => {
    const found = containers.find(container => container.name === name)
    if (!found) throw new Error(`no container ${name}; there are ${containers.map(one => one.name).join(', ')}`)
    return found.args.map(argument =>
      argument
        .replace(/\/etc\/(?:thanos|prometheus)\//, `${conf}/`)
        .replace(/=\/prometheus/, `=${data}`)
        .replace(/=\/var\/thanos/, `=${own}`)
        .replace('http://127.0.0.1:9090', `http://127.0.0.1:${promPort}`)
        .replace(/^(--http-address)=.*/, '$1='),
    )
  }
  const part = (binary: string, name: string, at: number, ready: string, args: string[]): Part => {
    let end: (() => Promise<void>) | undefined
    return {
      url: `http://127.0.0.1:${at}`,
      async start() {
        end = await startServer({
          binary,
          args,
          folder: mkdtempSync(path.join(within('run'), `${name}-`)),
          ready: `http://127.0.0.1:${at}${ready}`,
          env: keys,
        })
      },
      async kill() {
        await end?.()
        end = undefined
      },
    }
  }
  const ofThanos = (name: string, grpc: number) => {
    const at = port()
    const args = argumentsOf(name, within(name)).filter(argument => argument !== '--http-address=')
    const listens = [`--http-address=127.0.0.1:${at}`, `--grpc-address=127.0.0.1:${grpc}`]
    return part(thanos, name, at, '/-/ready', [...args, ...listens])
  }
  const identities = path.join(conf, 's3.json')
  writeFileSync(
    identities,
    JSON.stringify({
      identities: [
        {
          name: 'telemetry',
          credentials: [{ accessKey: keys.AWS_ACCESS_KEY_ID, secretKey: keys.AWS_SECRET_ACCESS_KEY }],
          actions: ['Admin', 'Read', 'List', 'Tagging', 'Write'],
        },
      ],
    }),
  )
  const master = port()
  const masterGrpc = port()
  const s3 = part(weed, 's3', s3Port, '/healthz', [
    'server',
    `-dir=${within('s3')}`,
    '-ip=127.0.0.1',
    '-s3',
    `-s3.port=${s3Port}`,
    `-s3.config=${identities}`,
    '-s3.port.iceberg=0',
    '-s3.port.lance=0',
    `-s3.port.grpc=${port()}`,
    `-master.port=${master}`,
    `-master.port.grpc=${masterGrpc}`,
    `-volume.port=${port()}`,
    `-volume.port.grpc=${port()}`,
    `-filer.port=${port()}`,
    `-filer.port.grpc=${port()}`,
    '-master.volumeSizeLimitMB=256',
    '-volume.max=40',
  ])
  const run = promisify(execFile)
  const bucketFile = `--objstore.config-file=${conf}/thanos-bucket.yml`
  const thanosRuns = async (args: string[], timeout = 0) => {
    const env = { ...process.env, ...keys }
    const options = { env, maxBuffer: 2 ** 28, cwd: within('run'), timeout, killSignal: 'SIGKILL' } as const
    return (await run(thanos, args, options)).stdout
  }

  const tools = (...args: string[]) => thanosRuns(['tools', 'bucket', ...args, bucketFile])
  let hasBucket = false
  const server = part(prometheus, 'prometheus', promPort, '/-/ready', [
    ...argumentsOf('prometheus', ''),
    `--web.listen-address=127.0.0.1:${promPort}`,
    '--web.enable-remote-write-receiver',
  ])
  const querier = ofThanos('thanos-query', port())
  const stores: Stores = {
    s3: {
      ...s3,
      async start() {
        await s3.start()
        if (hasBucket) return
        const shell = run(weed, ['shell', `-master=127.0.0.1:${master}.${masterGrpc}`], { env: process.env })
        shell.child.stdin!.end(`s3.bucket.create -name ${BUCKET}\nexit\n`)
        await shell
        hasBucket = true
      },
    },
    prometheus: {
      ...server,
      async start() {
        const { command = [] } = containers.find(({ name }) => name === 'begin-uploads')!
        const [shell, ...rest] = command.map(word => word.replaceAll('/prometheus/', `${data}/`))
        await run(shell!, rest)
        await server.start()
      },
    },
    sidecar: ofThanos('thanos-sidecar', sidecarGrpc),
    store: ofThanos('thanos-store', storeGrpc),
    querier: {
      ...querier,
      async start() {
        await querier.start()
        // the reader of the bucket says that it is ready a moment before it listens
        for (const deadline = Date.now() + 60_000; ; ) {
          const asked = await stores.query(querier, 'nothing').catch(error => error as Error)
          if (!(asked instanceof Error)) return
          if (Date.now() > deadline) throw asked
          await new Promise(resolve => setTimeout(resolve, 500))
        }
      },
    },
    data,
    async compact(more = [], killAfterMs = 0) {
      const own = within('thanos-compactor')
      const named = more.map(argument => argument.split('=')[0])
      const usual = argumentsOf('thanos-compactor', own).filter(
        argument => argument !== '--wait' && !named.includes(argument.split('=')[0]),
      )
      const now = ['--consistency-delay=0s', '--delete-delay=0s', '--http-address=127.0.0.1:0']
      await thanosRuns([...usual, ...more, ...now], killAfterMs)
    },
    tools,
    async blocks() {
      const fields = ['.ULID', '.MinTime', '.MaxTime', '.Compaction.Level', '.Thanos.Downsample.Resolution']
      const printed = await tools('ls', '--exclude-delete', '-o', fields.map(field => `{{${field}}}`).join(' '))
      return printed
        .split('\n')
        .filter(line => line.trim() !== '')
        .map(line => {
          const [id, ...numbers] = line.trim().split(' ')
          const [minTime, maxTime, level, resolution] = numbers.map(Number) as [number, number, number, number]
          return { id: id!, minTime, maxTime, level, resolution }
        })
    },
    query: async (of, expression, parameters = {}) => {
      const isRange = 'start' in parameters
      const body = new URLSearchParams({ query: expression, ...parameters })
      const response = await fetch(`${of.url}/api/v1/query${isRange ? '_range' : ''}`, { method: 'POST', body })
      const { data, error } = (await response.json()) as { data: { resultType: string; result: never }; error?: string }
      if (error !== undefined) throw new Error(`${expression}: ${error}`)
      return samplesIn(data)
    },
    async stop() {
      for (const { kill } of [stores.querier, stores.store, stores.sidecar, stores.prometheus, stores.s3]) await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return stores
}

type Pair = readonly [number, string]

function samplesIn({ resultType, result }: { resultType: string; result: unknown }): Answered[] {
  const numbers = (pairs: readonly Pair[]) => pairs.map(([seconds, text]) => [seconds, Number(text)] as const)
  if (resultType === 'scalar') return [{ metric: {}, values: numbers([result as Pair]) }]
  return (result as { metric: Record<string, string>; value?: Pair; values?: Pair[] }[]).map(
    ({ metric, value, values = [] }) => ({ metric, values: numbers(value ? [value] : values) }),
  )
}
