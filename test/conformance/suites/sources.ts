// The sources of a suite with what its tests need: a temporary folder, for each version once. Nothing of them is ours.
// It is not in the cache: send, and with it Express, serves no file below a folder whose name begins with a dot.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeOnce } from '../../support/cache.mjs'
import type { Suite } from './table'

/** @param from a checkout of its repository, for a suite that is not at npm */
export function sourcesOf(
  { name: suite, package: name = suite, version, within = '', needs = [], prepare }: Suite,
  from: string | undefined,
): string {
  const checkout = from && path.resolve(from, within)
  const found = checkout ? JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')).version : version
  if (!found) throw new Error(`${suite} has no tests at npm: name a checkout of its repository by --from`)
  const folder = path.join(tmpdir(), 'afn-suites', name, found)
  // instrumentations know a package by the folder that it stands in
  const inside = path.join('node_modules', name)
  makeOnce(folder, unfinished => {
    const npm = (cwd: string, ...args: string[]) => execFileSync('npm', args, { cwd, stdio: 'pipe' })
    const sources = path.join(unfinished, 'package')
    if (checkout) {
      const isSource = (file: string) => !/^(node_modules|\.git)$/.test(path.relative(checkout, file))
      cpSync(checkout, sources, { recursive: true, filter: isSource })
    } else {
      npm(unfinished, 'pack', `${name}@${found}`)
      execFileSync('tar', ['xzf', `${name}-${found}.tgz`], { cwd: unfinished })
    }
    console.error(`installing what ${name} ${found} needs (once) ...`)
    npm(sources, 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', ...needs)
    if (prepare) npm(sources, ...prepare)
    mkdirSync(path.join(unfinished, 'node_modules'))
    renameSync(sources, path.join(unfinished, inside))
  })
  return path.join(folder, inside)
}

export function filesOf(folder: string, wanted: RegExp, under = ''): string[] {
  return readdirSync(path.join(folder, under), { withFileTypes: true })
    .flatMap(entry => {
      const file = path.posix.join(under, entry.name)
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(folder, wanted, file)
      return wanted.test(file) ? [file] : []
    })
    .sort()
}
