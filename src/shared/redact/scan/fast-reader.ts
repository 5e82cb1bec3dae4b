/**
 * What reads texts in Node: as the scanner does by itself, sooner. Bytes stand for texts in ASCII, and what stands around an
 * anchor is looked at once for all its detectors, nearly all of which would find after a look of their own that it is nothing of
 * theirs. Not in the browser's engine, where it would weigh too much.
 */
import { type AnchorTables, compileAnchors, narrow, OTHER, type PlacedAnchor } from './anchors'
import { asciiBytes, utf16Units } from './ascii'
import { codeAt, DIGIT, runEnd } from './chars'
import { keyBefore, NAME_KEY, SECRET_KEY } from './key-endings'
import { RunShapes } from './run-shapes'
import type { CreateReader, Detector, Hits } from './scanner'
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

/** Behind the text are zeros. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while ((bytes[end]! ^ 48) < 10) end++
  return end
}

/** Where to go on after the character at `at`: behind what a detector or the whole list has settled, else one further. */
function readAt(
  list: List,
  runs: RunShapes,
  text: string,
  bytes: Uint8Array | undefined,
  at: number,
  hits: Hits,
): number {
  const { detectors, bits, looksAt, settlesRun } = list
  const end = looksAt === RUN ? (bytes ? digitsEnd(bytes, at) : runEnd(text, at, DIGIT, text.length)) : at + 1
  const seen = looksAt === RUN ? runs.of(text, bytes, at, end) : looksAt === KEY ? keyBefore(text, at) : ANY
  for (let i = 0; i < detectors.length; i++) {
    if ((bits[i]! & seen) === 0) continue
    const settled = detectors[i]!(text, at, hits)
    if (settled > at) return settled
  }
  return settlesRun ? end : at + 1
}

interface Compiled extends Omit<AnchorTables<Detector>, 'lists'> {
  readonly runs: RunShapes
  readonly lists: readonly List[]
}

const compiled = new WeakMap<readonly Detector[], Compiled>()

/** The tables of a reader with these detectors, which all with the same share. */
export function compile(detectors: readonly Detector[]): Compiled {
  const known = compiled.get(detectors)
  if (known) return known
  const runs = new RunShapes()
  const { lists, ...tables } = compileAnchors(detectors)
  const made = { ...tables, runs, lists: lists.map(anchors => listOf(anchors, runs)) }
  compiled.set(detectors, made)
  return made
}

export const createFastReader: CreateReader = (detectors, stop) => {
  const { pairs, behind, wide, lists, runs } = compile(detectors)
  return (text, hits, from, to) => {
    const bytes = asciiBytes(text)
    const units = bytes ? undefined : utf16Units(text)
    let before = narrow(text.charCodeAt(from - 1) || 0)
    let at = from
    for (;;) {
      let row = 0
      let code = 0
      // without a call in them, V8 keeps all that these loops read in registers
      if (bytes) {
        while (at < to) {
          code = bytes[at]!
          row = pairs[(before << 7) | code]!
          before = code
          if (row !== 0) break
          at++
        }
      } else {
        while (at < to) {
          code = units ? units[at]! : text.charCodeAt(at)
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
      if (at >= to) return at
      const list = code < OTHER ? behind[(row << 7) | (bytes ? bytes[at + 1]! : narrow(codeAt(text, at + 1)))]! : row
      if (list === 0) {
        at++
        continue
      }
      if (++work.spent > work.most) {
        stop(at)
        return text.length
      }
      const next = readAt(lists[list]!, runs, text, bytes, at, hits)
      if (next > at + 1) before = bytes ? bytes[next - 1]! : narrow(text.charCodeAt(next - 1))
      at = next
    }
  }
}
