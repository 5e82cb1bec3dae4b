// `npm run images [-- OPTIONS]`: the images of ours, as archives of OCI, with their bills of materials and provenance. The same
// commit makes the same bytes: the archives of which an image is made have sorted entries, the time of the commit, and fixed owners and
// modes, and BuildKit packs them by fixed rules.
//   --arch amd64,arm64         this machine's by default
//   --package FILE             of `npm pack`, which is run by default
//   --collector amd64=FILE     one for each architecture; by default what `afn-otel collector build` says
//   --output DIR               .tmp/images by default
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { billOfAutoinstrumentation, billOfCollector, billOfCommands } from './images/bills.mjs'
import { withBuildkit } from './images/buildkit.mjs'
import { layOut, names } from './images/contents.mjs'
import { packPackage } from './images/package-folder.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

// of whoever runs this: folders that are made here are in the images with their modes
process.umask(0o022)

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
    package: { type: 'string' },
    collector: { type: 'string', multiple: true, default: [] },
    output: { type: 'string', default: path.join(root, '.tmp/images') },
  },
})
const architectures = values.arch.split(',')
const unknown = architectures.filter(arch => !['amd64', 'arm64'].includes(arch))
if (unknown.length > 0) {
  console.error(`images: --arch ${unknown.join(',')}: there are amd64 and arm64`)
  process.exit(2)
}

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
/** Seconds; of the commit, as https://reproducible-builds.org/specs/source-date-epoch/ has it. */
const epoch = process.env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct')
const textOf = file => readFileSync(path.join(root, file), 'utf8')
const { version, repository } = JSON.parse(textOf('package.json'))
const [, owner] = /github\.com\/([^/]+)\//.exec(repository.url)
const collectorVersion = parse(textOf('collector/builder.yaml')).dist.version
const output = path.resolve(values.output)
const work = mkdtempSync(path.join(tmpdir(), 'afn-images-'))
try {
  rmSync(output, { recursive: true, force: true })
  mkdirSync(output, { recursive: true })
  const archive = values.package ? path.resolve(values.package) : packPackage(root, work)
  const collectors = Object.fromEntries(values.collector.map(pair => pair.split(/=(.*)/s, 2)))
  for (const arch of architectures) {
    const collector = path.resolve(collectors[arch] ?? builtCollector(arch))
    const made = await layOut({ root, work, output, arch, epoch, archive, collector })
    billOfCommands({ output, arch, version, base: made.libraries }, { modules: made.modules, archive })
    billOfCollector({ output, arch, version: collectorVersion, base: made.besideCollector }, collector)
    billOfAutoinstrumentation({ output, arch, version, base: made.besideAutoinstrumentation }, archive)
  }
  const common = { output, architectures, epoch, revision: git('rev-parse', 'HEAD'), version }
  await withBuildkit(work, async build => {
    for (const name of names) build({ name, repository: `ghcr.io/${owner}`, ...common })
  })
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** From the cache, if it is there; else built with Go, which takes minutes. */
function builtCollector(arch) {
  const own = process.arch === 'arm64' ? 'arm64' : 'amd64'
  if (arch !== own) throw new Error(`--collector ${arch}=FILE is missing: the one of this machine is for ${own}`)
  const command = [path.join(root, 'dist/cli.cjs'), 'collector', 'build']
  return execFileSync(process.execPath, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}
