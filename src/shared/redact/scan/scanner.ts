/**
 * One pass over a string.
 *
 * The loop looks each character up in a table together with the one before it: most are no detector's anchor and cost
 * about a nanosecond. At an anchor, the detectors that have it look at a bounded piece of text around it. So the
 * time is linear in the length, whatever the text is.
 */

import { isInMask, type Masker, stronger, type Tag, truncated } from '../mask'
import { type Anchor, compileAnchors, narrow, OTHER } from './anchors'
import { codeAt } from './chars'
import { CleanTexts } from './clean-texts'
import { type Folded, fold } from './fold'
import { CHARACTER_WORK, SHORT_WORK, STRING_WORK, work } from './work'

/** A detector of one kind of value. Listed in `detectors/index.ts` or `locales/index.ts`; `docs/detectors.md` says how one is written. */
export interface Detector {
  /** `personal` detectors rest when content is captured in full; `secret` ones never do. */
  readonly finds: 'personal' | 'secret'
  /** It is called there and nowhere else. The more an anchor says of its neighbours, the fewer calls. */
  readonly anchors: readonly Anchor[]
  /**
   * Looks around the anchor at index `at`, adds what it finds to `hits`, and returns the index up to which the text is
   * settled. `at` or less means "nothing of mine": the next detector of the anchor is called. Must look at a bounded
   * piece of text, or settle all that it looked at.
   */
  readonly at: (text: string, at: number, hits: Hits) => number
  /** Reads the whole text by itself, before the anchors are looked at; for values that no other detector may cut short. */
  readonly sweep?: Sweep
}

interface Hit {
  start: number
  end: number
  tag: Tag
  readonly quote: string
}

/** The pieces of one text that have to be masked, in order and without overlap. */
export class Hits {
  readonly list: Hit[] = []

  /**
   * Overlapping hits are joined, so that no end of either survives; the stronger tag names both.
   * @param quote put on both sides of the mask; for a bare JSON number, which cannot become a bare word
   */
  add(start: number, end: number, tag: Tag, quote = ''): void {
    const hit = { start, end, tag, quote }
    for (let last = this.list.at(-1); last && last.end > start; last = this.list.at(-1)) {
      hit.end = Math.max(hit.end, last.end)
      hit.tag = stronger(hit.tag, last.tag)
      if (last.start < start) {
        last.end = hit.end
        last.tag = hit.tag
        return
      }
      this.list.pop()
    }
    this.list.push(hit)
  }

  /**
   * The text up to `end` with its hits masked; a hit that crosses `end` is masked whole.
   * @param read the text in which the hits were found, and where its characters stand in `text`
   */
  apply(text: string, end: number, mask: Masker, read: Folded): string {
    let out = ''
    let from = 0
    for (const hit of this.list) {
      const start = read.origin(hit.start)
      if (start >= end) break
      if (isInMask(read.text, hit.start, hit.end)) continue
      const masked = mask(hit.tag, read.text.slice(hit.start, hit.end))
      if (masked === undefined) continue
      out += text.slice(from, start) + hit.quote + masked + hit.quote
      from = read.origin(hit.end)
    }
    return from < end ? out + text.slice(from, end) : out
  }

  /** These and the others, in order. */
  with(others: Hits): Hits {
    if (others.list.length === 0) return this
    const all = new Hits()
    for (const { start, end, tag, quote } of [...this.list, ...others.list].sort((a, b) => a.start - b.start)) {
      all.add(start, end, tag, quote)
    }
    return all
  }
}

/** How much of one string is read; what is beyond loses its place, since unread text may hold anything. */
export interface Bounds {
  /** characters that are kept */
  readonly chars: number
  /** see `work.ts` */
  readonly work: number
}

/** Of one text. */
export const BOUNDS: Bounds = { chars: 256 * 1024, work: STRING_WORK }
/** Room for the note about the tail, so that the result is within the bounds itself. */
const NOTE = 32
/** Scanned beyond the cut, so that a value which crosses it is recognised. */
const OVERLAP = 512
/** The shortest thing that a detector knows is longer; in kanji three are (田中様). */
const SHORTEST = 6
const SHORTEST_BEYOND_ASCII = 3

/** Reads the whole text by itself, without anchors. */
export type Sweep = (text: string, hits: Hits) => void

/** Reads tables, whose cells it has read by the detectors as `"header": "cell"`. */
export type TableSweep = (text: string, hits: Hits, read: (text: string) => Hits) => void

/** What was found in a text; where the work was too much, it was read up to `stoppedAt`. */
export interface Reading {
  readonly folded: Folded
  readonly hits: Hits
  readonly stoppedAt: number
}

export interface Scan {
  /**
   * Returns the same string when nothing was found.
   * @param onCut is called when the tail was cut off
   * @param reading what `readAhead` gave for this text
   */
  (text: string, mask: Masker, onCut: () => void, bounds?: Bounds, reading?: Reading): string
  readonly steps: Steps
}

/** The steps of a reading, for who does one after the other (`ahead.ts`). */
export interface Steps {
  readonly fold: (head: string) => Folded
  /** What is found otherwise than from anchor to anchor. */
  readonly swept: (text: string) => Hits
  readonly read: Read
  /** Reads the sentences between what was found, where somebody wants that (`prose/reader.ts`). Pauses after each piece; returns all hits. */
  prose?: (text: string, hits: Hits) => Generator<void, Hits>
  /** Where the work was too much. */
  stoppedAt: number
}

/** Adds what it finds from one place up to another, and returns where to go on: behind the text where the work was too much. */
export type Read = (text: string, hits: Hits, from: number, to: number) => number

/**
 * Makes what finds with these detectors in a text, and says where the work was too much and the reading stopped; `fast-reader.ts`
 * has another that finds the same.
 */
export type CreateReader = (detectors: readonly Detector[], stop: (at: number) => void) => Read

/** Where to go on after the character at `at`: behind what a detector has settled, else one further. */
function readAt(detectors: readonly Detector['at'][], text: string, at: number, hits: Hits): number {
  for (let i = 0; i < detectors.length; i++) {
    const settled = detectors[i]!(text, at, hits)
    if (settled > at) return settled
  }
  return at + 1
}

const createReader: CreateReader = (detectors, stop) => {
  const { pairs, behind, wide, lists } = compileAnchors(detectors)
  const detectorsOf = lists.map(anchors => [...new Set(anchors.map(({ detector }) => detector.at))])
  return (text, hits, from, to) => {
    let before = narrow(text.charCodeAt(from - 1) || 0)
    let at = from
    for (;;) {
      let row = 0
      let code = 0
      // without a call in it, V8 keeps all that this loop reads in registers
      while (at < to) {
        code = text.charCodeAt(at)
        if (code >= OTHER) {
          row = wide[code]!
          before = OTHER
        } else {
          row = pairs[(before << 7) | code]!
          before = code
        }
        if (row !== 0) break
        at++
      }
      if (at >= to) return at
      const list = code < OTHER ? behind[(row << 7) | narrow(codeAt(text, at + 1))]! : row
      if (list === 0) {
        at++
        continue
      }
      if (++work.spent > work.most) {
        stop(at)
        return text.length
      }
      const next = readAt(detectorsOf[list]!, text, at, hits)
      if (next > at + 1) before = narrow(text.charCodeAt(next - 1))
      at = next
    }
  }
}

/** What is read of a text that is too long. */
export function headOf(text: string, { chars }: Bounds): string {
  return text.length > chars ? text.slice(0, chars - NOTE + OVERLAP) : text
}

/** The work that reading it may take. */
export function mostOf(head: string, bounds: Bounds): number {
  return Math.min(bounds.work, SHORT_WORK + Math.floor(head.length * CHARACTER_WORK))
}

/** Compiles detectors into one function that masks a text. */
export function createScanner(
  detectors: readonly Detector[],
  sweeps: readonly Sweep[] = [],
  tables?: TableSweep,
  createRead = createReader,
  foldText = fold,
): Scan {
  const clean = new CleanTexts()
  const read = createRead(detectors, at => {
    // of a cell of a table it is less than of the text, which then goes whole
    steps.stoppedAt = Math.min(steps.stoppedAt, at)
  })
  const allSweeps = [...detectors.flatMap(({ sweep }) => sweep ?? []), ...sweeps]

  function all(text: string): Hits {
    const hits = new Hits()
    read(text, hits, 0, text.length)
    return hits
  }

  const steps: Steps = {
    fold: head => foldText(head) ?? { text: head, origin: at => at },
    swept(text) {
      const hits = new Hits()
      for (const sweep of allSweeps) sweep(text, hits)
      tables?.(text, hits, all)
      return hits
    },
    read,
    stoppedAt: 0,
  }

  function readAll(head: string, bounds: Bounds): Reading {
    work.most = work.spent + mostOf(head, bounds)
    steps.stoppedAt = Number.POSITIVE_INFINITY
    const folded = steps.fold(head)
    const others = steps.swept(folded.text)
    return { folded, hits: all(folded.text).with(others), stoppedAt: steps.stoppedAt }
  }

  function scan(text: string, mask: Masker, onCut: () => void, bounds = BOUNDS, known?: Reading): string {
    const isShort = text.length < SHORTEST && (text.length < SHORTEST_BEYOND_ASCII || text.charCodeAt(0) < 128)
    if (isShort && sweeps.length === 0) return text
    if (clean.has(text)) return text
    const head = headOf(text, bounds)
    const { folded, hits, stoppedAt } = known ?? readAll(head, bounds)
    // a value that crosses the end is known by what stands behind it
    const stop = stoppedAt < Number.POSITIVE_INFINITY ? folded.origin(Math.max(0, stoppedAt - OVERLAP)) : text.length
    // the head of a text that is a little too long is the whole of it
    if (text.length > bounds.chars || stop < text.length) {
      onCut()
      const end = Math.min(stop, bounds.chars - NOTE)
      return hits.apply(head, end, mask, folded).slice(0, end) + truncated(text.length - end)
    }
    if (hits.list.length > 0) return hits.apply(text, text.length, mask, folded)
    clean.add(text)
    return text
  }
  return Object.assign(scan, { steps })
}
