// Makes a folder with the peers and our packed tarball in it, once for each state of what it is made from.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../support/install.mjs'

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))

/**
 * @param {string} manifest path of the peers' package.json
 * @param {string} kind folder in the cache
 * @param {string[]} options of npm
 * @returns {string} a folder whose node_modules has the peers and a fresh build of ours
 */
export function installPeers(manifest, kind, options = []) {
  const folder = installOnce(manifest, kind, options)
  console.error('building and packing ours ...')
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const packs = path.join(folder, 'packs')
  rmSync(packs, { recursive: true, force: true })
  mkdirSync(packs)
  execFileSync('npm', ['pack', '--silent', '--pack-destination', packs], { cwd: root })
  const tarball = path.join(packs, readdirSync(packs)[0])
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', ...options, tarball], {
    cwd: folder,
    stdio: 'inherit',
  })
  return folder
}
