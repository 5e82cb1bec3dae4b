// Which files on disk are not what would be generated. Called by `afn-otel generate` and `afn-otel doctor`.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { GeneratedFile } from './generate'

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

/** Undefined where there is no such file. */
export function contentOf({ path: file }: GeneratedFile, target: string): string | undefined {
  const at = path.join(target, file)
  return existsSync(at) ? readFileSync(at, 'utf8') : undefined
}
