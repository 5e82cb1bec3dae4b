/** Detectors of the user's own. `defineDetector` is public; `lists.ts` makes detectors of denied values with it. */
import { type Tag, TYPE_NAME } from './mask'
import { checkPattern } from './pattern'
import type { Hits } from './scan/scanner'

export interface DetectorDefinition {
  /** What a hit is called, in capitals: `EMPLOYEE_ID` becomes `[EMPLOYEE_ID]`. */
  type: string
  /**
   * What is looked for. It has to pass the growth check: every repetition has an upper bound (`{1,20}`, not `+`), nothing
   * refers back to a group, and there are at most 5,000 ways to match at one place. Of its flags `i`, `s`, `u` and `v`
   * count.
   */
  pattern: RegExp
  /** Says of each match whether it is one, by a checksum for example. Default: every match is one. */
  accepts?: (value: string) => boolean
}

/** Made by `defineDetector`, taken by `createRedactor`. Reads the whole text by itself, beside the one pass. */
export interface CustomDetector {
  readonly type: string
  readonly sweep: (text: string, hits: Hits) => void
}

/**
 * A detector for `createRedactor({ detectors: [...] })`.
 * @throws an Error in the caller's own code when the type is no name or the pattern does not pass the growth check
 */
export function defineDetector({ type, pattern, accepts }: DetectorDefinition): CustomDetector {
  if (!new RegExp(`^${TYPE_NAME}$`).test(type)) {
    throw new Error(`@afn/otel/redact: the type ${JSON.stringify(type)} has to be capitals, digits and _ (EMPLOYEE_ID)`)
  }
  checkPattern(pattern)
  const search = new RegExp(pattern.source, `g${pattern.flags.replace(/[dgmy]/g, '')}`)
  return {
    type,
    sweep(text, hits) {
      search.lastIndex = 0
      for (let found = search.exec(text); found; found = search.exec(text)) {
        if (accepts && !accepts(found[0])) continue
        hits.add(found.index, found.index + found[0].length, type as Tag)
      }
    },
  }
}
