/**
 * What reads texts in Node: as the scanner does by itself, sooner. Bytes stand for texts in ASCII, and what stands around an
 * anchor is looked at once for all its detectors, nearly all of which would find after a look of their own that it is nothing of
 * theirs. Not in the browser's engine, where it would weigh too much.
 */
import { compileAnchors, narrow, OTHER, type PlacedAnchor } from './anchors'
import { asciiBytes } from './ascii'
import { codeAt, DIGIT, runEnd } from './chars'
import { keyBefore, NAME_KEY, SECRET_KEY } from './key-endings'
import { RunShapes } from './run-shapes'
import { type CreateReader, type Detector, Hits } from './scanner'
import { work } from './work'

/** Of an anchor whose detector is called whatever stands around it; what was seen always has one of its bits. */
const ANY = -1

const NOTHING = 0
const RUN = 1
const KEY = 2

/** The detectors of one list, in the order in which they read. */
interface List {
  readonly detectors: readonly Detector['at'][]
  /** of each: it is called where one of these bits was seen */
  readonly bits: Int32Array
  readonly looksAt: typeof NOTHING | typeof RUN | typeof KEY
  /** true where the run of digits is settled when nobody found anything in it */
  readonly settlesRun: boolean
}

function listOf(anchors: readonly PlacedAnchor<Detector>[], runs: RunShapes): List {
  const bits = new Map<Detector['at'], number>()
  let looksAt: List['looksAt'] = NOTHING
  for (const { detector, anchor } of anchors) {
    const { run, key } = anchor
    const own = run ? runs.bitOf(run) : key === 'secret' ? SECRET_KEY : key === 'name' ? NAME_KEY : ANY
    bits.set(detector.at, (bits.get(detector.at) ?? 0) | own)
    if (run) looksAt = RUN
    else if (key) looksAt = KEY
  }
  return {
    detectors: [...bits.keys()],
    bits: Int32Array.from(bits.values()),
    looksAt,
    settlesRun: looksAt === RUN && anchors.some(({ anchor }) => anchor.settlesRun),
  }
}

/** Where to go on after the character at `at`: behind what a detector or the whole list has settled, else one further. */
function readAt(list: List, runs: RunShapes, text: string, at: number, hits: Hits): number {
  const { detectors, bits, looksAt, settlesRun } = list
  const end = looksAt === RUN ? runEnd(text, at, DIGIT, text.length) : at + 1
  const seen = looksAt === RUN ? runs.of(text, at, end) : looksAt === KEY ? keyBefore(text, at) : ANY
  for (let i = 0; i < detectors.length; i++) {
    if ((bits[i]! & seen) === 0) continue
    const settled = detectors[i]!(text, at, hits)
    if (settled > at) return settled
  }
  return settlesRun ? end : at + 1
}

export const createFastReader: CreateReader = (detectors, stop) => {
  const tables = compileAnchors(detectors)
  const { pairs, behind, wide } = tables
  const runs = new RunShapes()
  const lists = tables.lists.map(anchors => listOf(anchors, runs))
  return text => {
    const hits = new Hits()
    const length = text.length
    const bytes = asciiBytes(text)
    let before = 0
    let at = 0
    for (;;) {
      let row = 0
      let code = 0
      // without a call in them, V8 keeps all that these loops read in registers
      if (bytes) {
        while (at < length) {
          code = bytes[at]!
          row = pairs[(before << 7) | code]!
          before = code
          if (row !== 0) break
          at++
        }
      } else {
        while (at < length) {
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
      }
      if (at >= length) return hits
      const list = code < OTHER ? behind[(row << 7) | narrow(codeAt(text, at + 1))]! : row
      if (list === 0) {
        at++
        continue
      }
      if (++work.spent > work.most) {
        stop(at)
        return hits
      }
      const next = readAt(lists[list]!, runs, text, at, hits)
      if (next > at + 1) before = narrow(text.charCodeAt(next - 1))
      at = next
    }
  }
}
