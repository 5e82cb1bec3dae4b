// Makes the registry that live-check goes by: what this package emits (semconv/registry) over all that OpenTelemetry has. As one folder,
// since weaver takes of a dependency what is referred to, and bundled instrumentations emit names that no file of ours refers to.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { root } from '../../support/packed'

/** Of the checkout: names that moved to semantic-conventions-genai stand there as deprecated. */
const moved = ['gen-ai', 'mcp', 'openai']

/** @param semconv a checkout of open-telemetry/semantic-conventions @returns the folder, which is the caller's to remove */
export function makeRegistry(semconv: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-registry-'))
  const [core, ours] = [path.join(folder, 'core'), path.join(folder, 'ours')]
  cpSync(path.join(semconv, 'model'), core, { recursive: true })
  cpSync(path.join(root, 'semconv/registry'), ours, { recursive: true })
  for (const name of moved) rmSync(path.join(core, name), { recursive: true, force: true })
  for (const file of [...filesIn(core), ...filesIn(ours)]) if (file.endsWith('manifest.yaml')) rmSync(file)
  const known = new Set(filesIn(core).flatMap(keysOf))
  // our copies of what the core has, so that our references resolve without it
  for (const file of filesIn(ours)) {
    const content = parse(readFileSync(file, 'utf8')) as Definitions
    const attributes = content.attributes?.filter(({ key }) => !known.has(key))
    if (content.attributes) writeFileSync(file, stringify({ ...content, attributes }))
  }
  const about =
    'schema_url: https://afn-otel.invalid/schemas/checked/0.1.0\ndescription: checked\nstability: development\n'
  writeFileSync(path.join(folder, 'manifest.yaml'), about)
  return folder
}

interface Definitions {
  readonly attributes?: readonly { readonly key: string }[]
  readonly groups?: readonly { readonly attributes?: readonly { readonly id?: string }[] }[]
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yaml'))
    .map(file => path.join(folder, file))

/** Of both formats of definitions. */
function keysOf(file: string): string[] {
  const { attributes = [], groups = [] } = parse(readFileSync(file, 'utf8')) as Definitions
  const ids = groups.flatMap(group => group.attributes?.flatMap(({ id }) => id ?? []) ?? [])
  return [...attributes.map(({ key }) => key), ...ids]
}
