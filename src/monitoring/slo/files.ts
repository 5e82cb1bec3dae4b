/** The SLOs that hold: those of files, or the five of the package. */
import { readFileSync } from 'node:fs'
import type { Mistake } from '../../shared/config/checked-file'
import { defaultSloFile } from './defaults'
import { readSlos } from './read'
import type { Slo } from './spec'

export interface SlosOfFiles {
  /** What each file says that can be read. */
  readonly texts: readonly { readonly path: string; readonly text: string }[]
  /** Those without a mistake, of all files. */
  readonly slos: readonly Slo[]
  readonly mistakes: readonly (Mistake & { readonly file: string })[]
  /** What is done otherwise than a file may expect. */
  readonly notes: readonly string[]
}

/**
 * @param files paths, as `sloFiles` gives them; none is the SLOs of the package
 * @param service whose SLOs those of the package are; without it, those of all services together
 * A file that can't be read is a mistake at its first character.
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
