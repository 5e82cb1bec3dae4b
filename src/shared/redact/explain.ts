/**
 * Says which rule found what, for `afn-otel redact --explain`. Each detector reads the text by itself, which is slow and
 * keeps the scanner free of book-keeping. No value is given out: an explanation may end in a log.
 */

import { registered } from './detectors/registry'
import type { Tag } from './mask'
import { detectors } from './redactor'
import { createScanner, type Detector } from './scan/scanner'

export interface Explanation {
  /** As the mask names it: `EMAIL`. */
  readonly type: string
  /** The detector, by the name that stands in the status record. */
  readonly rule: string
  /** Characters of the value. */
  readonly length: number
}

interface Found {
  readonly tag: Tag
  readonly value: string
}

interface Readers {
  readonly all: ReturnType<typeof reader>
  readonly alone: readonly { readonly detector: Detector; readonly read: ReturnType<typeof reader> }[]
}

/** Made when somebody asks: redaction itself has no use for them. */
let readers: Readers | undefined

/** Every value that `redact` replaces in the text, in the order of the text. */
export function explain(text: string): Explanation[] {
  readers ??= {
    all: reader(detectors),
    alone: detectors.map(detector => ({ detector, read: reader([detector]) })),
  }
  const { all, alone } = readers
  const found = all(text)
  if (found.length === 0) return []
  const byRule = alone.map(({ detector, read }) => ({ detector, values: read(text) }))
  return found.map(({ tag, value }) => {
    const rule = byRule.find(({ values }) => values.some(one => one.tag === tag && value.includes(one.value)))
    return { type: tag, rule: rule ? nameOf(rule.detector, tag) : 'several together', length: value.length }
  })
}

function reader(some: readonly Detector[]): (text: string) => Found[] {
  const scan = createScanner(some)
  return text => {
    const found: Found[] = []
    scan(
      text,
      (tag, value) => {
        found.push({ tag, value })
        return undefined
      },
      () => {},
    )
    return found
  }
}

/** A detector of several kinds has a name for each. */
function nameOf(detector: Detector, tag: Tag): string {
  const names = registered(detector)?.names ?? []
  const kind = tag.toLowerCase().replaceAll('_', ' ')
  return names.find(name => name.toLowerCase() === kind) ?? names.join(', ')
}
