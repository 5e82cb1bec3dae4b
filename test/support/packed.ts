// Builds and packs once for all suites that run on the tarball, and makes app folders in which it is installed.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
/** What `npm run generate` writes of the single profile. */
export const deployed = path.join(root, 'deploy/single')
const modules = path.join(root, 'node_modules')
const unpacked = path.join(modules, '.cache/afn-packed')

/** Where a package of this repository is: what only tests use is in `test`. */
export function installed(name: string): string {
  const ofTests = path.join(root, 'test/node_modules', name)
  return existsSync(ofTests) ? ofTests : path.join(modules, name)
}

/** Vitest's global set-up of the projects that need the tarball; the first one packs it for all. */
export function setup(): void {
  if (process.env.AFN_TESTS_PACKED === 'yes') return
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  rmSync(unpacked, { recursive: true, force: true })
  mkdirSync(unpacked, { recursive: true })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', unpacked], { cwd: root })
  execFileSync('tar', ['xzf', tarball(), '-C', unpacked])
  process.env.AFN_TESTS_PACKED = 'yes'
}

export function tarball(): string {
  const file = readdirSync(unpacked).find(name => name.endsWith('.tgz'))
  if (!file) throw new Error('the tarball has not been packed')
  return path.join(unpacked, file)
}

export interface AppFolder {
  /** Files by relative path. */
  files: Record<string, string>
  packageJson?: object
  /** Modules to be found besides ours: name → the name of a package that is installed here, or an absolute folder. */
  modules?: Record<string, string>
}

/** A fresh folder with an app in it and the packed package in its node_modules. */
export function makeApp({
  files,
  packageJson = { name: 'fixture-app', version: '1.2.3' },
  modules: wanted = {},
}: AppFolder): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-app-'))
  const install = (name: string, from: string) => {
    const target = path.join(folder, 'node_modules', name)
    mkdirSync(path.dirname(target), { recursive: true })
    symlinkSync(from, target)
  }
  // no symbolic link to the folder: ours resolves its own dependencies from the app, as an installed package does
  linkFiles(path.join(unpacked, 'package'), path.join(folder, 'node_modules/@afn/otel'))
  for (const name of dependenciesOf('@afn/otel')) install(name, path.join(modules, name))
  for (const [name, from] of Object.entries(wanted)) install(name, path.isAbsolute(from) ? from : installed(from))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(packageJson))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  return folder
}

/**
 * The same files in another folder: 9 MB, and a sixth of the time that a copy of them takes. A test may remove a file there, and
 * must not write into one.
 */
function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) linkFiles(source, target)
    else
      try {
        linkSync(source, target)
      } catch {
        // another file system
        copyFileSync(source, target)
      }
  }
}

function dependenciesOf(name: string): string[] {
  const manifest = name === '@afn/otel' ? path.join(root, 'package.json') : path.join(modules, name, 'package.json')
  if (!existsSync(manifest)) return []
  const { dependencies = {} } = JSON.parse(execFileSync('cat', [manifest], { encoding: 'utf8' }))
  return Object.keys(dependencies)
}
