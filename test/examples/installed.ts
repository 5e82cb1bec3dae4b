// An example as its README has it made: copied, installed with the packed tarball, built. Kept in the cache folder by all that
// goes into it, since Next.js is 400 MB and a minute.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../support/cache.mjs'
import { root, tarball } from '../support/packed'

const DAY = 86_400_000
/** Written last. */
const READY = '.afn-ready'

/** Of their own, and of what comes into being beside them. */
const isSource = (file: string) => !/(?:^|[\\/])(?:node_modules|\.next|dist|next-env\.d\.ts)(?:[\\/]|$)/.test(file)

type Npm = (...args: string[]) => void

/**
 * @param name folder in `examples`
 * @param build called once it is installed
 * @returns the folder in which it stands built
 * @throws Error with what npm said
 */
export function installed(name: string, build: (folder: string, npm: Npm) => void): string {
  const example = path.join(root, 'examples', name)
  const sources = readdirSync(example, { recursive: true, encoding: 'utf8' })
    .filter(file => isSource(file) && statSync(path.join(example, file)).isFile())
    .sort()
  const hash = createHash('sha256').update(process.version).update(`${build}`).update(readFileSync(tarball()))
  for (const file of sources) hash.update(`${file}\0`).update(readFileSync(path.join(example, file)))
  const all = path.join(cacheFolder(), 'examples', name)
  const folder = path.join(all, hash.digest('hex').slice(0, 16))
  if (existsSync(path.join(folder, READY))) return folder

  mkdirSync(folder, { recursive: true })
  for (const other of readdirSync(all)) {
    const old = path.join(all, other)
    if (old !== folder && Date.now() - statSync(old).mtimeMs > DAY) rmSync(old, { recursive: true, force: true })
  }
  for (const file of sources) cpSync(path.join(example, file), path.join(folder, file))
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  const npm: Npm = (...args) => {
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', env })
    if (status !== 0) throw new Error(`npm ${args.join(' ')} in ${name}:\n${stdout}\n${stderr}`)
  }
  npm('install', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund', tarball())
  build(folder, npm)
  writeFileSync(path.join(folder, READY), '')
  return folder
}
