// Which files on disk are not what would be generated, and which are somebody else's. Called by `afn-otel generate` and `afn-otel doctor`.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { folders, isOwnDashboard } from '../dashboards/files'
import type { GeneratedFile } from './generate'
import { MADE_BY } from './plan'

export interface Drift {
  /** Where the file is. */
  readonly at: string
  readonly isMissing: boolean
}

/** @param target the folder below which they stand */
export function driftOf(files: readonly GeneratedFile[], target: string): Drift[] {
  return files.flatMap(file => {
    const content = contentOf(file, target)
    return content === file.content ? [] : [{ at: path.join(target, file.path), isMissing: content === undefined }]
  })
}

/** Where files stand that `afn-otel generate` did not write: each of its own says so at its beginning. */
export function strangersIn(files: readonly GeneratedFile[], target: string): string[] {
  return files
    .filter(file => !isOurs(contentOf(file, target) ?? file.content))
    .map(file => path.join(target, file.path))
}

/** Where boards stand that a user's file had once, and that a Grafana would go on showing. */
export function leftoversIn(files: readonly GeneratedFile[], target: string): string[] {
  const wanted = new Set(files.map(file => file.path))
  return folders
    .flatMap(({ path: folder }) => {
      const from = `grafana/${folder}`
      const at = path.join(target, from)
      return existsSync(at) ? readdirSync(at).map(name => ({ path: `${from}/${name}`, content: '' })) : []
    })
    .filter(file => isOwnDashboard(file.path) && !wanted.has(file.path) && isOurs(contentOf(file, target) ?? ''))
    .map(file => path.join(target, file.path))
}

/** JSON has no comments, and writes quotes in another way. */
const isOurs = (content: string): boolean =>
  content.includes(MADE_BY) || content.includes(JSON.stringify(MADE_BY).slice(1, -1))

/** Undefined where there is no such file. */
export function contentOf({ path: file }: GeneratedFile, target: string): string | undefined {
  const at = path.join(target, file)
  return existsSync(at) ? readFileSync(at, 'utf8') : undefined
}
