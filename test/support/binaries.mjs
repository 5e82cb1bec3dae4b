// Where the suites look for servers of others: a variable, the cache, PATH. Nothing is built or fetched here:
// scripts/prepare-binaries.mjs does that, and puts what it makes into the same cache.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './cache.mjs'

/** 3.16 as a Go module. Part of the folder's name, so that another version is another folder. */
export const PROMETHEUS_VERSION = 'v0.316.0'

export const prometheusFolder = () => path.join(cacheFolder(), `prometheus-${PROMETHEUS_VERSION}`)

/** The newest of which the Go module proxy has Kubernetes and all modules that it is made of. */
export const KUBERNETES_VERSION = 'v1.36.3'
export const ETCD_VERSION = 'v3.6.13'

export const kubernetesFolder = () => path.join(cacheFolder(), `kubernetes-${KUBERNETES_VERSION}`)

/** @returns {{ apiserver: string, etcd: string } | { missing: string }} what makes an API server without a cluster */
export function findKubernetes() {
  const { KUBE_APISERVER_BIN: apiserver, ETCD_BIN: etcd } = process.env
  const folder = kubernetesFolder()
  const found = { apiserver: apiserver ?? path.join(folder, 'kube-apiserver'), etcd: etcd ?? path.join(folder, 'etcd') }
  if (Object.values(found).every(isExecutable)) return found
  return {
    missing: `neither KUBE_APISERVER_BIN and ETCD_BIN nor ${folder} has both; run "node scripts/prepare-binaries.mjs kubernetes" (Go, minutes)`,
  }
}
/** Debian's 1.5; part of the folder's name likewise. */
export const NODE_EXPORTER_VERSION = '1.5'

export const nodeExporterFolder = () => path.join(cacheFolder(), `node-exporter-${NODE_EXPORTER_VERSION}`)

/** The runtime of Cloudflare's Workers. */
export const WORKERD_VERSION = '1.20261117.1'

export const workerdFolder = () => path.join(cacheFolder(), `workerd-${WORKERD_VERSION}`)

/** Tempo is in no package registry: whoever has a binary puts it here. */
const tempoFolder = () => path.join(cacheFolder(), 'tempo')

/** @typedef {{ binary: string } | { missing: string }} Found */

/**
 * The first one that is there and recent enough.
 * @param {{ name: string, variable: string, folder: string, atLeast: number, remedy: string }} wanted
 * @returns {Found}
 */
function find({ name, variable, folder, atLeast, remedy }) {
  const named = process.env[variable]
  const folders = [folder, ...(process.env.PATH ?? '').split(path.delimiter)].filter(Boolean)
  /** @type {string[]} */
  const refusals = []
  for (const binary of named ? [named] : folders.map(place => path.join(place, name))) {
    if (!isExecutable(binary)) continue
    const { stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
    const major = /version (\d+)\./.exec(`${stdout}${stderr}`)?.[1]
    // a binary that was built by hand may not know its version
    if (major === undefined || Number(major) >= atLeast) return { binary }
    refusals.push(`${binary} is version ${major}`)
  }
  const where = named ? `${variable}=${named} cannot be run` : `neither ${variable} nor ${folder} nor PATH has one`
  return { missing: `${[...refusals, where].join('; ')}; ${remedy}` }
}

/** @returns {{ prometheus: string, promtool: string | undefined } | { missing: string }} promtool stands beside it, if at all */
export function findPrometheus() {
  const found = find({
    name: 'prometheus',
    variable: 'PROMETHEUS_BIN',
    folder: prometheusFolder(),
    atLeast: 3,
    remedy: 'set PROMETHEUS_BIN to a Prometheus 3, or run "node scripts/prepare-binaries.mjs prometheus" (Go, minutes)',
  })
  if ('missing' in found) return found
  const promtool = path.join(path.dirname(found.binary), 'promtool')
  return { prometheus: found.binary, promtool: isExecutable(promtool) ? promtool : undefined }
}

export const findTempo = () =>
  find({
    name: 'tempo',
    variable: 'TEMPO_BIN',
    folder: tempoFolder(),
    atLeast: 3,
    remedy: 'set TEMPO_BIN to a Tempo 3 binary, or TEMPO_URL (and TEMPO_OTLP_URL) to one that runs',
  })

export const findWorkerd = () =>
  find({
    name: 'workerd',
    variable: 'WORKERD_BIN',
    folder: workerdFolder(),
    atLeast: 1,
    remedy: 'set WORKERD_BIN, or run "node scripts/prepare-binaries.mjs workerd" (a package of npm, 40 MB)',
  })

export const findNodeExporter = () =>
  find({
    name: 'prometheus-node-exporter',
    variable: 'NODE_EXPORTER_BIN',
    folder: nodeExporterFolder(),
    atLeast: 1,
    remedy: 'set NODE_EXPORTER_BIN, or run "node scripts/prepare-binaries.mjs node-exporter" (a package of Debian)',
  })

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
