// docs/.vitepress, test and tools have a package.json of their own. They are installed when they are first used, and again when their lock file
// has changed: `node scripts/install.mjs FOLDER …`
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(import.meta.dirname)
const isInstalled = (stamp, state) => existsSync(stamp) && readFileSync(stamp, 'utf8') === state

/**
 * Two processes may do it at once: each installs in a folder of its own, and the last one stays.
 * @param {string} folder `docs/.vitepress`, `test` or `tools`
 */
export function install(folder) {
  const modules = path.join(root, folder, 'node_modules')
  const lockFile = path.join(root, folder, 'package-lock.json')
  const state = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamp = '.installed'
  if (isInstalled(path.join(modules, stamp), state)) return
  console.error(`installing ${folder} (once) ...`)
  const cache = path.join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(path.join(cache, `afn-install-`))
  try {
    for (const name of ['package.json', 'package-lock.json'])
      cpSync(path.join(root, folder, name), path.join(unfinished, name))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent', '--ignore-scripts'], {
      cwd: unfinished,
      stdio: 'inherit',
    })
    writeFileSync(path.join(unfinished, 'node_modules', stamp), state)
    rmSync(modules, { recursive: true, force: true })
    renameSync(path.join(unfinished, 'node_modules'), modules)
  } catch (error) {
    // another process was faster
    if (!isInstalled(path.join(modules, stamp), state)) throw error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const folder of process.argv.slice(2)) install(folder)
