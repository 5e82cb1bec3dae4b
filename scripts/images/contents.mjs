// What is in the images, as archives that a Dockerfile adds to an empty one: a layer for each, the seldom changed first.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { nodeOf } from './bills.mjs'
import { layOutPackage } from './package-folder.mjs'

/** Whom the programs run as, and whose their data are: as in the folders that `afn-otel generate` makes. */
const USER = 10001

/** A moment at which Debian's archive had all that debian.sha256 names: snapshot.debian.org keeps it for ever. */
const SNAPSHOT = '20261201T000000Z'

/** What Node.js and DuckDB are linked to. */
const C_LIBRARIES = ['base-files', 'gcc-12-base', 'libc6', 'libgcc-s1', 'libstdc++6']

/** It has the wget that a health check of Docker asks by: the image of its own has it too. */
const BUSYBOX = ['base-files', 'busybox-static']

/**
 * @typedef {object} Order
 * @property {string} root of the repository
 * @property {string} work a folder for what is thrown away
 * @property {string} output gets `NAME/Dockerfile` and `NAME/ARCH/*.tar`
 * @property {'amd64' | 'arm64'} arch
 * @property {string} epoch seconds
 * @property {string} archive of `npm pack`
 * @property {string} collector
 */

/** The images, by their names: folders in `images` with a Dockerfile. */
export const names = ['afn-otel', 'afn-otelcol', 'autoinstrumentation-nodejs']

/**
 * @param {Order} order
 * @returns {Promise<{ modules: string, libraries: string, besideCollector: string, besideAutoinstrumentation: string }>} folders that bills of
 *   materials are made of: what npm installed, and what is of Debian in each image
 */
export async function layOut(order) {
  const { root, output, arch } = order
  for (const name of names) {
    mkdirSync(path.join(output, name, arch), { recursive: true })
    cpSync(path.join(root, 'images', name, 'Dockerfile'), path.join(output, name, 'Dockerfile'))
  }
  return { ...(await commands(order)), ...(await collectorOf(order)), ...(await autoinstrumentation(order)) }
}

async function commands(order) {
  const { root, work, arch, archive } = order
  const place = places(order)
  const tar = tars(order, 'afn-otel')
  const libraries = place('libraries')
  await fromDebian(order, libraries, C_LIBRARIES)
  accounts(libraries)
  tar('base', libraries, { keepModes: true, without: ['usr/lib/*/gconv'] })

  const modules = place('modules')
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(path.join(root, 'images/afn-otel', file), path.join(modules, file))
  const platform = [`--cpu=${arch === 'amd64' ? 'x64' : arch}`, '--os=linux', '--libc=glibc']
  execFileSync('npm', ['ci', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', ...platform], {
    cwd: modules,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const node = path.join(modules, 'node_modules', nodeOf(arch))
  const ofNode = place('node')
  for (const [from, to] of [
    ['bin/node', 'usr/local/bin/node'],
    ['LICENSE', 'usr/local/share/doc/node/LICENSE'],
  ])
    cpSync(path.join(node, from), path.join(ofNode, to))
  tar('node', ofNode)

  const opt = place('commands', 'opt/afn-otel')
  cpSync(path.join(modules, 'node_modules'), path.join(opt, 'node_modules'), {
    recursive: true,
    filter: file => !/node_modules\/(?:node-linux-\w+|\.bin|\.package-lock\.json)$/.test(file),
  })
  tar('modules', place('commands'))
  rmSync(opt, { recursive: true })

  const ours = place('ours', 'opt/afn-otel/node_modules/@afn/otel')
  execFileSync('tar', ['-xzf', archive, '-C', ours, '--strip-components=1'])
  // where the folders that are generated have it
  symlinkSync('node_modules/@afn/otel/dist/cli.cjs', path.join(work, arch, 'ours/opt/afn-otel/cli.cjs'))
  tar('afn-otel', place('ours'))
  place('data-of-commands', 'var/lib/afn-otel')
  place('data-of-commands', 'etc/afn-otel/data')
  tar('data', place('data-of-commands'), { owned: ['var/lib/afn-otel', 'etc/afn-otel/data'] })
  return { modules, libraries }
}

async function collectorOf(order) {
  const { work, arch, collector } = order
  const place = places(order)
  const tar = tars(order, 'afn-otelcol')
  const besideCollector = place('beside-collector')
  await fromDebian(order, besideCollector, [...BUSYBOX, 'ca-certificates'])
  accounts(besideCollector)
  certificates(besideCollector)
  // what is called by its name in documents, and by health checks
  applets(besideCollector, ['wget', 'cat', 'ls', 'tail'])
  tar('base', besideCollector, { keepModes: true })
  cpSync(collector, path.join(place('collector'), 'otelcol-afn'))
  chmodSync(path.join(work, arch, 'collector/otelcol-afn'), 0o755)
  tar('otelcol', place('collector'))
  place('data-of-collector', 'var/lib/otelcol/queue')
  place('data-of-collector', 'var/log/otelcol')
  tar('data', place('data-of-collector'), { owned: ['var/lib/otelcol/queue', 'var/log/otelcol'] })
  return { besideCollector }
}

async function autoinstrumentation(order) {
  const { root, archive } = order
  const place = places(order)
  const tar = tars(order, 'autoinstrumentation-nodejs')
  const besideAutoinstrumentation = place('beside-autoinstrumentation')
  await fromDebian(order, besideAutoinstrumentation, BUSYBOX)
  accounts(besideAutoinstrumentation)
  // by which the Operator copies
  applets(besideAutoinstrumentation, ['cp'])
  tar('base', besideAutoinstrumentation, { keepModes: true })
  const folder = place('autoinstrumentation', 'autoinstrumentation')
  layOutPackage(root, archive, folder)
  const file = 'autoinstrumentation.js'
  cpSync(path.join(root, 'images/autoinstrumentation-nodejs', file), path.join(folder, file))
  tar('autoinstrumentation', place('autoinstrumentation'))
  return { besideAutoinstrumentation }
}

/** @param {Order} order @returns {(...names: string[]) => string} which makes folders to be thrown away */
const places =
  ({ work, arch }) =>
  (...names) => {
    const folder = path.join(work, arch, ...names)
    mkdirSync(folder, { recursive: true })
    return folder
  }

/** @param {Order} order @param {string} name of an image */
const tars = (order, name) => (layer, from, options) =>
  tarOf(order, path.join(order.output, name, order.arch, `${layer}.tar`), from, options)

/**
 * @param {Order} order
 * @param {{ keepModes?: boolean, without?: string[], owned?: string[] }} options `owned` are folders of USER alone, which is all that is packed
 */
function tarOf({ epoch }, file, from, { keepModes = false, without = [], owned } = {}) {
  const owner = owned ? USER : 0
  const fixed = ['--sort=name', '--format=gnu', '--hard-dereference', `--mtime=@${epoch}`, '--numeric-owner']
  const owners = [`--owner=${owner}`, `--group=${owner}`]
  const modes = owned ? ['--mode=0775'] : keepModes ? [] : ['--mode=u=rwX,go=rX']
  const excluded = without.map(pattern => `--exclude=${pattern}`)
  const members = owned ?? readdirSync(from).sort()
  execFileSync('tar', ['-cf', file, '-C', from, ...fixed, ...owners, ...modes, ...excluded, ...members])
}

/** Unpacks packages, and says in dpkg's words which ones, as distroless images do: scanners look there. */
async function fromDebian({ root, work, arch }, to, names) {
  const lines = readFileSync(path.join(root, 'images/debian.sha256'), 'utf8').trim().split('\n')
  const pinned = lines.map(line => line.split('  '))
  const status = path.join(to, 'var/lib/dpkg/status.d')
  for (const name of names) {
    const [sha256, file] = pinned.find(
      ([, file]) =>
        path.basename(file).startsWith(`${name}_`) && /_(\w+)\.deb$/.exec(file)[1].match(`^(?:all|${arch})$`),
    )
    const deb = path.join(work, path.basename(file))
    writeFileSync(deb, await download(file, sha256))
    execFileSync('dpkg-deb', ['-x', deb, to])
    mkdirSync(status, { recursive: true })
    writeFileSync(path.join(status, name), execFileSync('dpkg-deb', ['-f', deb]))
  }
}

/** @throws Error when neither has it, or it is another one */
async function download(file, sha256) {
  const [archive, ...rest] = file.split('/')
  const places = [
    `http://deb.debian.org/${file}`,
    `https://snapshot.debian.org/archive/${archive}/${SNAPSHOT}/${rest.join('/')}`,
  ]
  const refusals = []
  for (const url of places) {
    try {
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      const found = createHash('sha256').update(bytes).digest('hex')
      if (found === sha256) return bytes
      throw new Error(`its sha256 is ${found}, not ${sha256}`)
    } catch (error) {
      refusals.push(`${url}: ${error.message}${error.cause ? ` (${error.cause.message})` : ''}`)
    }
  }
  throw new Error(`images/debian.sha256: ${file} can't be had:\n  ${refusals.join('\n  ')}`)
}

/** Programs of busybox, by their names. */
function applets(root, names) {
  for (const name of names) symlinkSync('busybox', path.join(root, 'bin', name))
}

function accounts(root) {
  const users = [
    `root:x:0:0:root:/root:/sbin/nologin`,
    `afn-otel:x:${USER}:${USER}:afn-otel:/var/lib/afn-otel:/sbin/nologin`,
  ]
  writeFileSync(path.join(root, 'etc/passwd'), `${users.join('\n')}\n`)
  writeFileSync(path.join(root, 'etc/group'), `root:x:0:\nafn-otel:x:${USER}:\n`)
  writeFileSync(path.join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n')
}

/** One file, as update-ca-certificates makes it where the package is installed. */
function certificates(root) {
  const folder = path.join(root, 'usr/share/ca-certificates/mozilla')
  const all = readdirSync(folder)
    .sort()
    .map(name => readFileSync(path.join(folder, name), 'utf8'))
  mkdirSync(path.join(root, 'etc/ssl/certs'), { recursive: true })
  writeFileSync(path.join(root, 'etc/ssl/certs/ca-certificates.crt'), all.join(''))
}
