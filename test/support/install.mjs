// Packages that are too many for the repository, kept in the cache folder.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, makeOnce } from './cache.mjs'

/**
 * Installs once for each state of the manifest.
 * @param {string} manifest path of a package.json
 * @param {string} kind folder in the cache
 * @param {string[]} more options of npm
 * @returns {string} the folder that has the node_modules
 */
export function installOnce(manifest, kind, more = []) {
  const key = createHash('sha256').update(readFileSync(manifest)).digest('hex').slice(0, 16)
  const folder = path.join(cacheFolder(), kind, key)
  makeOnce(folder, unfinished => {
    console.error(`installing ${kind} (once) ...`)
    cpSync(manifest, path.join(unfinished, 'package.json'))
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', ...more], {
      cwd: unfinished,
      stdio: 'inherit',
    })
  })
  return folder
}
