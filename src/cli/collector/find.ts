// Finds the Collector binary.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { build } from './build'
import type { Distribution } from './distribution'
import { download } from './download'
import { missingComponents } from './missing-components'

export interface Search {
  readonly distribution: Distribution
  readonly env: NodeJS.ProcessEnv
  /** Reports on stderr which source is tried and which binary was rejected. */
  readonly say: (line: string) => void
}

/** A candidate binary, or the reason why a source has none. */
type Candidate = { binary: string; from: string } | { refusal: string }
type Way = (search: Search) => AsyncGenerator<Candidate>

const ways: Record<'OTELCOL_BIN' | 'cache' | 'PATH' | 'download' | 'Go', Way> = {
  async *OTELCOL_BIN({ env }) {
    if (env.OTELCOL_BIN) yield { binary: env.OTELCOL_BIN, from: 'OTELCOL_BIN' }
    else yield { refusal: 'OTELCOL_BIN is not set' }
  },

  async *cache({ distribution: { binaries } }) {
    const found = await inFolders([binaries])
    for (const binary of found) yield { binary, from: 'the cache' }
    if (!found.length) yield { refusal: `nothing in the cache ${binaries}` }
  },

  async *PATH({ env }) {
    const found = await inFolders(foldersOfPath(env))
    for (const binary of found) yield { binary, from: 'PATH' }
    if (!found.length) yield { refusal: 'neither otelcol-afn nor otelcol-contrib on PATH' }
  },

  async *download({ distribution, env, say }) {
    say(`collector: downloading otelcol-contrib ${distribution.version}`)
    yield await download(distribution, env).then(
      binary => ({ binary, from: 'a verified download' }),
      error => ({ refusal: `download: ${error.message}` }),
    )
  },

  async *Go({ distribution, env, say }) {
    const go = await firstExecutable(foldersOfPath(env), 'go')
    if (!go) {
      yield { refusal: 'no go on PATH to build it with' }
      return
    }
    say(`collector: building otelcol-afn ${distribution.version} with ${go}; this takes minutes, once`)
    yield await build(go, distribution, env, say).then(
      binary => ({ binary, from: 'a build with Go' }),
      error => ({ refusal: `building with Go: ${error.message}` }),
    )
  },
}

const everyWay = Object.keys(ways) as (keyof typeof ways)[]

/**
 * Returns the first binary with all components that our configuration uses. It looks, in order, at `OTELCOL_BIN`, the cache, PATH and
 * upstream's release, and finally builds with Go, which takes many minutes.
 * @throws Error with the reason for each source and the remedy
 */
export async function findCollector(search: Search, order: readonly (keyof typeof ways)[] = everyWay): Promise<string> {
  const refusals: string[] = []
  for (const way of order) {
    for await (const candidate of ways[way](search)) {
      if ('refusal' in candidate) {
        refusals.push(candidate.refusal)
        continue
      }
      const fault = await whyNot(candidate.binary, search.env)
      if (!fault) {
        search.say(`collector: ${candidate.binary}, from ${candidate.from}`)
        return candidate.binary
      }
      search.say(`collector: rejected: ${fault}`)
      refusals.push(fault)
    }
  }
  throw new Error(
    [
      'no suitable OpenTelemetry Collector:',
      ...refusals.map(refusal => `- ${refusal}`),
      'To fix this, set OTELCOL_BIN to an otelcol-contrib ' +
        `v${search.distribution.version}, or install Go (https://go.dev/dl) and run "afn-otel collector build".`,
    ].join('\n'),
  )
}

async function whyNot(binary: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const missing = await missingComponents(binary, env)
    return missing.length ? `${binary} lacks ${missing.join(', ')}` : undefined
  } catch (error) {
    return `${binary} does not list its components: ${(error as Error).message}`
  }
}

const names = ['otelcol-afn', 'otelcol-contrib']

async function inFolders(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map(name => firstExecutable(folders, name)))
  return found.filter(binary => binary !== undefined)
}

async function firstExecutable(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const file = path.join(folder, name)
    if (await isExecutable(file)) return file
  }
  return undefined
}

const foldersOfPath = (env: NodeJS.ProcessEnv): string[] => (env.PATH ?? '').split(path.delimiter).filter(Boolean)

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
