// Where the files of SLOs are, for the SDK and for every command.
import { statSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from './settings'

const usual = 'slo.yaml'

/** Absolute paths of those that are named, else of `slo.yaml` in the folder, where there is one; none means the SLOs of the package. */
export function sloFiles({ sloFiles: named }: Pick<Settings, 'sloFiles'>, folder: string): string[] {
  if (named.length > 0) return named.map(file => path.resolve(folder, file))
  const file = path.join(folder, usual)
  return isThere(file) ? [file] : []
}

/** Under Node's permission model even the question may be refused; nobody has named the file, so it is none then. */
function isThere(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}
