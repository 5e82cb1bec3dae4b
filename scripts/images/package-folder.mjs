// The package with its dependencies, for apps that don't install it themselves: a layer of AWS Lambda, the image that the OpenTelemetry
// Operator copies from.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * @param {string} root of the repository, whose lock file says which versions of dependencies these are
 * @param {string} archive of `npm pack`
 * @param {string} folder gets `node_modules`
 */
export function layOutPackage(root, archive, folder) {
  const place = path.join(folder, 'node_modules/@afn/otel')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', place, '--strip-components=1'])
  copyDependencies(path.join(root, 'node_modules'), place, path.join(folder, 'node_modules'))
}

/** Those of a package, and theirs: npm has put all of them beside each other, or in a folder of the one that needs another version. */
function copyDependencies(from, of, to) {
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(of, 'package.json'), 'utf8'))
  for (const name of Object.keys(dependencies)) {
    const target = path.join(to, name)
    if (existsSync(path.join(of, 'node_modules', name)) || existsSync(target)) continue
    cpSync(path.join(from, name), target, { recursive: true })
    copyDependencies(from, target, to)
  }
}

/**
 * Packs what stands in the checkout's `dist` after a build.
 *
 * @param {string} root of the repository
 * @param {string} to a folder
 * @returns {string} the archive
 */
export function packPackage(root, to) {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', to], { cwd: root, stdio: 'pipe' })
  return path.join(
    to,
    readdirSync(to).find(name => name.endsWith('.tgz')),
  )
}
