// Bills of materials of the images, in CycloneDX 1.5: of packages of npm npm's own, of modules of Go what cyclonedx-gomod reads out of the
// binary, and beside them what is of Debian. What is bundled stands in the bill of @afn/otel itself. Neither time nor serial number: two
// runs of one commit have the same.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { findCyclonedxGomod } from '../../test/support/binaries.mjs'

/**
 * @typedef {object} Bill
 * @property {object[]} components
 * @property {{ ref: string, dependsOn?: string[] }[]} dependencies
 * @property {{ component: { 'bom-ref': string } }} metadata
 */

/** @typedef {{ output: string, arch: string, version: string, base: string }} Image `base` has packages of Debian */

/** @param {Image} image @param {{ modules: string, archive: string }} contents as `layOut` says */
export function billOfCommands(image, { modules, archive }) {
  const options = { cwd: modules, encoding: 'utf8', maxBuffer: 1e8 }
  const beside = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], options))
  const own = billOfPackage(archive)
  const { version: node } = JSON.parse(
    readFileSync(path.join(modules, 'node_modules', nodeOf(image.arch), 'package.json'), 'utf8'),
  )
  const ofNode = {
    type: 'application',
    name: 'node',
    version: node,
    purl: `pkg:generic/node@${node}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
    'bom-ref': `pkg:generic/node@${node}`,
  }
  write('afn-otel', image, [beside, own], [own.metadata.component, ofNode])
}

/** @param {Image} image @param {string} archive of `npm pack` */
export function billOfAutoinstrumentation(image, archive) {
  const own = billOfPackage(archive)
  write('autoinstrumentation-nodejs', image, [own], [own.metadata.component])
}

/** @param {string} archive @returns {Bill} with what is bundled, and what is installed beside it */
const billOfPackage = archive =>
  JSON.parse(execFileSync('tar', ['-xzOf', archive, 'package/sbom.cdx.json'], { encoding: 'utf8', maxBuffer: 1e8 }))

/** @param {Image} image @param {string} collector */
export function billOfCollector(image, collector) {
  const found = findCyclonedxGomod()
  if ('missing' in found) throw new Error(found.missing)
  const args = ['bin', '-json', '-output-version', '1.5', collector]
  const text = execFileSync(found.binary, args, { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'pipe'] })
  // a module that the builder takes from a folder has the name of the folder
  const [name, version] = ['afn.internal/collector', `v${image.version}`]
  const own = JSON.parse(text.replaceAll('pkg:golang/../components@(devel)', `pkg:golang/${name}@${version}`))
  for (const one of own.components) if (one.name === '../components') Object.assign(one, { name, version })
  write('afn-otelcol', image, [own], [own.metadata.component])
}

/** @param {'amd64' | 'arm64' | string} arch */
export const nodeOf = arch => `node-linux-${arch === 'amd64' ? 'x64' : arch}`

/** @param {string} name @param {Image} image @param {Bill[]} bills @param {object[]} direct with what these are about */
function write(name, { output, arch, version, base }, bills, direct) {
  const ofDebian = packagesIn(base)
  const components = new Map()
  for (const one of [...direct, ...bills.flatMap(bill => bill.components), ...ofDebian])
    components.set(one['bom-ref'], one)
  const ref = `pkg:oci/${name}@${version}?arch=${arch}`
  const needs = [...direct, ...ofDebian].map(one => one['bom-ref'])
  const dependencies = new Map(
    bills
      .flatMap(bill => bill.dependencies)
      .map(({ ref, dependsOn = [] }) => [ref, dependsOn.filter(one => components.has(one))]),
  )
  for (const { metadata } of bills.filter(bill => !direct.includes(bill.metadata.component)))
    needs.push(...(dependencies.get(metadata.component['bom-ref']) ?? []))
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'container', name, version, 'bom-ref': ref } },
    components: [...components.values()],
    dependencies: [
      { ref, dependsOn: [...new Set(needs)] },
      ...[...dependencies].filter(([ref]) => components.has(ref)).map(([ref, dependsOn]) => ({ ref, dependsOn })),
    ],
  }
  writeFileSync(path.join(output, `${name}.${arch}.cdx.json`), `${JSON.stringify(bill, null, 1)}\n`)
}

/** By what dpkg says of them. */
function packagesIn(base) {
  const status = path.join(base, 'var/lib/dpkg/status.d')
  return readdirSync(status).map(file => {
    const text = readFileSync(path.join(status, file), 'utf8')
    const field = name => new RegExp(`^${name}: (.*)$`, 'm').exec(text)[1]
    const version = field('Version')
    const purl = `pkg:deb/debian/${encodeURIComponent(file)}@${encodeURIComponent(version)}?arch=${field('Architecture')}&distro=debian-12`
    return { type: 'library', name: file, version, purl, 'bom-ref': purl }
  })
}
