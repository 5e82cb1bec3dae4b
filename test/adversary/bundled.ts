// Our sources as users get them: vitest's own way to load them makes every call between two files dear, and all texts alike.
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bundleSource } from '../support/bundle-source.mjs'

/** @param source TypeScript that exports what is attacked; its imports begin at the root of the repository */
export async function bundled<T>(source: string): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'afn-adversary-'))
  const file = path.join(folder, 'surface.cjs')
  await bundleSource(source, file)
  const loaded = createRequire(import.meta.url)(file) as T
  rmSync(folder, { recursive: true })
  return loaded
}
