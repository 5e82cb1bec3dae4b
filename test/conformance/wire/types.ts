// Holds the answers to the types of the installed clients: what a provider's types don't allow is no answer of it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../support/packed'

/**
 * What TypeScript says against them, if anything. The repository's own type check leaves this folder out, since the clients are not
 * among its dependencies.
 */
export function typeProblems(folder: string, manifest: string, modules: string): string | undefined {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  const paths = Object.keys(dependencies).flatMap(name =>
    ['', '/*'].map(rest => [`${name}${rest}`, [path.join(modules, name) + rest]]),
  )
  const project = path.join(root, 'test/node_modules/.cache/afn-conformance/wire.json')
  const compilerOptions = { rootDir: '/', paths: { ...Object.fromEntries(paths), ws: [path.join(root, 'node_modules/@types/ws')] } } // biome-ignore format: one line
  mkdirSync(path.dirname(project), { recursive: true })
  writeFileSync(
    project,
    JSON.stringify({
      extends: path.join(root, 'test/tsconfig.json'),
      compilerOptions: { ...compilerOptions, typeRoots: [path.join(root, 'node_modules/@types')] },
      files: [path.join(folder, 'wire.ts')],
      include: [],
      exclude: [],
      references: [],
    }),
  )
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8', cwd: root })
  return status === 0 ? undefined : stdout
}
