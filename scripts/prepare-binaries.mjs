// `node scripts/prepare-binaries.mjs [collector] [prometheus] [kubernetes] [workerd] [node-exporter]`: the servers that the suites use,
// built with Go into the cache folder where they are missing, or taken from npm and Debian; all by default. `.ci/run` calls it before `npm test`, which
// itself never builds any.
// Each is kept under what it is made from: the Collector under the hash of collector/builder.yaml, the others under their version.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  ETCD_VERSION,
  findKubernetes,
  findNodeExporter,
  findPrometheus,
  findWorkerd,
  KUBERNETES_VERSION,
  kubernetesFolder,
  nodeExporterFolder,
  PROMETHEUS_VERSION,
  prometheusFolder,
  WORKERD_VERSION,
  workerdFolder,
} from '../test/support/binaries.mjs'
import { bundleCollectorCommand } from '../test/support/bundle-source.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const ways = {
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
    const folder = prometheusFolder()
    const names = ['prometheus', 'promtool']
    console.error(`prometheus: building ${PROMETHEUS_VERSION} with Go; this takes minutes, once`)
    mkdirSync(path.dirname(folder), { recursive: true })
    // a folder of its own and a rename at the end: a build that is broken off leaves no half binary to be found
    const work = mkdtempSync(`${folder}-`)
    try {
      const packages = names.map(name => `github.com/prometheus/prometheus/cmd/${name}@${PROMETHEUS_VERSION}`)
      await promisify(execFile)('go', ['install', '-ldflags', '-s -w', ...packages], {
        env: { ...process.env, GOBIN: work },
      })
      rmSync(folder, { recursive: true, force: true })
      renameSync(work, folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return path.join(folder, 'prometheus')
  },

  /** An API server and its store. Kubernetes' go.mod takes its own modules from a folder that a module does not have. */
  async kubernetes() {
    const found = findKubernetes()
    if ('apiserver' in found) return found.apiserver
    const folder = kubernetesFolder()
    console.error(
      `kubernetes: building ${KUBERNETES_VERSION} and etcd ${ETCD_VERSION} with Go; this takes minutes, once`,
    )
    mkdirSync(path.dirname(folder), { recursive: true })
    const work = mkdtempSync(`${folder}-`)
    try {
      const go = (from, ...args) => promisify(execFile)('go', args, { cwd: from, maxBuffer: 2 ** 26 })
      const download = await go(work, 'mod', 'download', '-json', `k8s.io/kubernetes@${KUBERNETES_VERSION}`)
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
        await go(module, 'mod', 'tidy', '-e')
        await go(module, 'build', '-mod=mod', '-trimpath', '-ldflags', '-s -w', '-o', path.join(work, name), '.')
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
      rmSync(folder, { recursive: true, force: true })
      renameSync(work, folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return path.join(folder, 'kube-apiserver')
  },

  /** Out of npm's package for this platform. */
  async workerd() {
    const found = findWorkerd()
    if ('binary' in found) return found.binary
    const folder = workerdFolder()
    mkdirSync(path.dirname(folder), { recursive: true })
    const work = mkdtempSync(`${folder}-`)
    try {
      const name = `@cloudflare/workerd-linux-${process.arch === 'arm64' ? 'arm64' : '64'}`
      const packed = execFileSync('npm', ['pack', '--silent', `${name}@${WORKERD_VERSION}`], {
        cwd: work,
        encoding: 'utf8',
      })
      execFileSync('tar', ['xzf', packed.trim()], { cwd: work, stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
      renameSync(path.join(work, 'package/bin'), folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return path.join(folder, 'workerd')
  },

  /** Debian's package, unpacked: installed, it would start a daemon. */
  async 'node-exporter'() {
    const found = findNodeExporter()
    if ('binary' in found) return found.binary
    const folder = nodeExporterFolder()
    mkdirSync(path.dirname(folder), { recursive: true })
    const work = mkdtempSync(`${folder}-`)
    try {
      const apt = (...args) => execFileSync('apt-get', ['-qq', ...args], { cwd: work, stdio: 'pipe' })
      try {
        apt('download', 'prometheus-node-exporter')
      } catch {
        // the lists of packages may be missing, or old
        apt('update')
        apt('download', 'prometheus-node-exporter')
      }
      const [file] = readdirSync(work).filter(name => name.endsWith('.deb'))
      execFileSync('dpkg', ['-x', file, 'unpacked'], { cwd: work, stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
      renameSync(path.join(work, 'unpacked/usr/bin'), folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return path.join(folder, 'prometheus-node-exporter')
  },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(ways, name))
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(', ')}; usage: node scripts/prepare-binaries.mjs [${Object.keys(ways).join('] [')}]`,
  )
  process.exit(2)
}
// one after the other: each build keeps all cores busy
for (const [name, prepare] of Object.entries(ways)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  try {
    console.log(`ok ${name}: ${await prepare()}`)
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').slice(-3).join(' ') : error
    console.log(`FAILED ${name}: ${reason}; its suites are skipped`)
    process.exitCode = 1
  }
}
