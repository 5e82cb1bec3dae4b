// What the images of a generated folder bring, as far as there is a binary for it here. Of the Collector it stands in the Dockerfile
// that the folder has; of the others it was read in those of their projects.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { nodeBinary } from '../support/nodes.mjs'
import type { Image } from './containers'

export interface Binaries {
  readonly collector: string
  /** In no package registry: without one Tempo is not started. */
  readonly tempo: string | undefined
  /** Stood in for without one. */
  readonly loki: string | undefined
  readonly prometheus: string
  readonly promtool: string
  /** Without one it is not started. */
  readonly alertmanager: string | undefined
}

/** Image without its tag → what it brings. */
export function imagesOf(binaries: Binaries, folder: string): Record<string, Image> {
  const { collector, tempo, prometheus, promtool, alertmanager } = binaries
  return {
    'afn-otel-collector': fromDockerfile(readFileSync(path.join(folder, 'collector/Dockerfile'), 'utf8'), collector),
    // cmd/tempo/Dockerfile
    ...(tempo && { 'grafana/tempo': tempoImage({ '/tempo': tempo }) }),
    'grafana/loki': loki(binaries.loki),
    // Dockerfile
    'prom/prometheus': {
      entrypoint: ['/opt/prometheus'],
      user: '65534:65534',
      files: { '/opt/prometheus': prometheus, '/opt/promtool': promtool },
      folders: { '/prometheus': '65534:65534', '/etc/prometheus': '65534:65534' },
      folder: '/prometheus',
    },
    // Dockerfile
    ...(alertmanager && {
      'prom/alertmanager': {
        entrypoint: ['/opt/alertmanager'],
        user: '65534:65534',
        files: {
          '/opt/alertmanager': alertmanager,
          '/opt/amtool': path.join(path.dirname(alertmanager), 'amtool'),
        },
        folders: { '/alertmanager': '65534:65534', '/etc/alertmanager': '65534:65534' },
        folder: '/alertmanager',
      },
    }),
    ...commands(folder),
    ...standIns(),
    ...redis(),
    ...postgres(),
  }
}

const tempoImage = (files: Record<string, string>): Image => ({
  entrypoint: ['/tempo'],
  user: '10001:10001',
  files,
  folders: { '/var/tempo': '10001:10001' },
})

/** Tempo for a folder that has to be started whole: a Collector, which takes what is sent and answers no question. */
export const tempoStandIn = (collector: string): Image =>
  tempoImage({
    '/tempo': path.join(import.meta.dirname, 'tempo-stand-in.sh'),
    '/opt/otelcol': collector,
    '/opt/tempo-stand-in.yaml': path.join(import.meta.dirname, 'tempo-stand-in.yaml'),
  })

/** The last stage: what it copies, whom it belongs to, and what is started as whom. */
function fromDockerfile(text: string, binary: string): Image {
  const stage = text.slice(text.lastIndexOf('\nFROM '))
  const folders = [...stage.matchAll(/^COPY --from=build --chown=(\S+)(?: --chmod=\S+)? \S+ (\/var\/\S+)$/gm)]
  return {
    entrypoint: JSON.parse(/^ENTRYPOINT (.*)$/m.exec(stage)![1]!),
    user: /^USER (.*)$/m.exec(stage)![1]!,
    files: { '/otelcol-afn': binary },
    folders: Object.fromEntries(folders.map(([, owner, to]) => [to!, owner!])),
  }
}

/** What the Dockerfile copies is in its folder, which has its own copy of our commands. */
function commands(folder: string): Record<string, Image> {
  const dockerfile = path.join(folder, 'commands/Dockerfile')
  if (!existsSync(dockerfile)) return {}
  const text = readFileSync(dockerfile, 'utf8')
  const copied = [...text.matchAll(/^COPY (\S+) (\S+)$/gm)].map(([, from, to]) => [
    to!,
    path.join(folder, 'commands', from!),
  ])
  return {
    'afn-otel': {
      entrypoint: JSON.parse(/^ENTRYPOINT (.*)$/m.exec(text)![1]!),
      user: /^USER (.*)$/m.exec(text)![1]!,
      files: { ...Object.fromEntries(copied), '/opt/node': nodeOfImage(text) },
      folders: Object.fromEntries(
        [...text.matchAll(/install -d (?:-m \d+ )?-o (\d+) -g (\d+) (\S+)/g)].map(([, uid, gid, to]) => [
          to!,
          `${uid}:${gid}`,
        ]),
      ),
    },
  }
}

/** Node of the image's version, where npm has it: the receiver keeps its state by what Node 20 lacks. */
export function nodeOfImage(dockerfile: string): string {
  const version = /^FROM node:([\d.]+)/m.exec(dockerfile)?.[1] ?? ''
  const node = nodeBinary(version)
  return 'path' in node ? node.path : process.execPath
}

const servers = {
  '/opt/node': process.execPath,
  '/opt/stand-in.mjs': path.join(import.meta.dirname, 'stand-in.mjs'),
}

/** cmd/loki/Dockerfile */
const loki = (binary: string | undefined): Image => ({
  entrypoint: ['/opt/loki'],
  user: '10001:10001',
  files: binary
    ? { '/opt/loki': binary }
    : { '/opt/loki': path.join(import.meta.dirname, 'loki-stand-in.sh'), ...servers },
  folders: { '/loki': '10001:10001', '/etc/loki': '10001:10001' },
})

function standIns(): Record<string, Image> {
  const standIn = (kind: string): Image => ({
    entrypoint: ['/opt/node', '/opt/stand-in.mjs', kind],
    user: '1001:1001',
    files: servers,
    folders: {},
  })
  return { 'grafana/grafana': standIn('grafana'), 'langfuse/langfuse': standIn('langfuse') }
}

/** docker-entrypoint.sh starts it as the user redis. */
function redis(): Record<string, Image> {
  if (!existsSync('/usr/bin/redis-server')) return {}
  return { redis: { entrypoint: [], user: '999:999', files: {}, folders: { '/data': '999:999' }, folder: '/data' } }
}

/** docker-entrypoint.sh makes the cluster and the database once, as the user postgres. */
function postgres(): Record<string, Image> {
  const base = '/usr/lib/postgresql'
  const version = existsSync(base) ? readdirSync(base).at(-1) : undefined
  if (!version) return {}
  const bin = path.join(base, version, 'bin')
  const data = '/var/lib/postgresql/data'
  return {
    postgres: {
      entrypoint: [`${bin}/postgres`, '-D', data, '-c', 'listen_addresses=*'],
      user: '999:999',
      // the one in PATH on Debian is a script that looks for clusters
      files: { '/opt/pg_isready': `${bin}/pg_isready` },
      folders: { [data]: '999:999', '/var/run/postgresql': '999:999' },
      prepare: `
        test -e ${data}/PG_VERSION && exit 0
        echo "$POSTGRES_PASSWORD" > /tmp/password
        ${bin}/initdb -D ${data} -U "$POSTGRES_USER" --pwfile=/tmp/password -A scram-sha-256 --no-sync > /dev/null
        echo "CREATE DATABASE $POSTGRES_DB" | ${bin}/postgres --single -D ${data} postgres > /dev/null
        echo 'host all all all scram-sha-256' >> ${data}/pg_hba.conf`,
    },
  }
}
