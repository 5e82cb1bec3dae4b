/** The SLOs in effect: from files, or the package's five defaults. */
import { readFileSync } from 'node:fs'
import type { Mistake } from '../../shared/config/checked-file'
import { defaultSloFile } from './defaults'
import { readSlos } from './read'
import type { Slo } from './spec'

export interface SlosOfFiles {
  /** The content of each readable file. */
  readonly texts: readonly { readonly path: string; readonly text: string }[]
  /** Valid SLOs of all files. */
  readonly slos: readonly Slo[]
  readonly mistakes: readonly (Mistake & { readonly file: string })[]
  /** Deviations from what a file might expect. */
  readonly notes: readonly string[]
}

/**
 * @param files paths from `sloFiles`; empty for the package's defaults
 * @param service for the defaults; without it, they cover all services together
 * A file that cannot be read counts as a mistake at its first character.
 */
export function readSloFiles(files: readonly string[], service?: string): SlosOfFiles {
  if (files.length === 0) return { ...readSlos(defaultSloFile(service)), mistakes: [], texts: [] }
  const taken = new Set<string>()
  const read = files.map(file => {
    try {
      const text = readFileSync(file, 'utf8')
      const { slos, mistakes, notes } = readSlos(text, taken)
      return { texts: [{ path: file, text }], slos, notes, mistakes: mistakes.map(mistake => ({ file, ...mistake })) }
    } catch (error) {
      const message = `it can't be read (${(error as NodeJS.ErrnoException).code}); correct its name (AFN_SLO_FILE) or its permissions`
      return { texts: [], slos: [], notes: [], mistakes: [{ file, line: 1, column: 1, message }] }
    }
  })
  return {
    texts: read.flatMap(({ texts }) => texts),
    slos: read.flatMap(({ slos }) => slos),
    mistakes: read.flatMap(({ mistakes }) => mistakes),
    notes: read.flatMap(({ notes }) => notes),
  }
}
