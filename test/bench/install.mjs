// Makes a folder with the peers and our packed tarball in it, once for each state of what it is made from.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))

/** @returns {string} a folder whose node_modules has the peers and a fresh build of ours */
export function installPeers() {
  const manifest = path.join(here, 'package.json')
  const key = createHash('sha256').update(readFileSync(manifest)).digest('hex').slice(0, 16)
  const folder = path.join(process.env.AFN_CACHE_DIR || path.join(homedir(), '.cache/afn-otel'), 'bench', key)
  if (!existsSync(path.join(folder, 'node_modules'))) {
    console.error('installing the peers (once) ...')
    const unfinished = `${folder}.${process.pid}`
    mkdirSync(unfinished, { recursive: true })
    cpSync(manifest, path.join(unfinished, 'package.json'))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: unfinished, stdio: 'inherit' })
    renameSync(unfinished, folder)
  }
  console.error('building and packing ours ...')
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const packs = path.join(folder, 'packs')
  rmSync(packs, { recursive: true, force: true })
  mkdirSync(packs)
  execFileSync('npm', ['pack', '--silent', '--pack-destination', packs], { cwd: root })
  const tarball = path.join(packs, readdirSync(packs)[0])
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', tarball], {
    cwd: folder,
    stdio: 'inherit',
  })
  return folder
}
