/** Reads registries from disk. Called by `generate.ts`, and by the tests with registries that are wrong on purpose. */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { DefinitionFile, Manifest, Registry } from './model'

const MANIFEST = 'manifest.yaml'

/**
 * Every folder under `root` that has a `manifest.yaml` is a registry; its other `.yaml` files are its definitions.
 * Registries and files come in alphabetical order. Nothing is checked here beyond that the YAML parses; an error names
 * the file.
 */
export function loadRegistries(root: string): Registry[] {
  return folders(root).map(path => {
    const names = readdirSync(path)
      .filter(name => name.endsWith('.yaml'))
      .sort()
    if (!names.includes(MANIFEST)) throw new Error(`${path}: no ${MANIFEST}; each folder here is one registry`)
    return {
      path,
      manifest: read(`${path}/${MANIFEST}`) as Manifest,
      files: names.filter(name => name !== MANIFEST).map(name => definitions(`${path}/${name}`)),
    }
  })
}

function folders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => `${root}/${entry.name}`)
    .sort()
}

function definitions(path: string): DefinitionFile {
  return { path, content: (read(path) ?? {}) as DefinitionFile['content'] }
}

function read(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
