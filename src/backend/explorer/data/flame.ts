// The spans of a trace as a flame graph: spans with the same path of services and names are one frame. The width of a frame is time, and
// its place says nothing of when. A frame is as wide as its own time and all frames below it, so a frame never is narrower than what it called,
// also where calls ran at once. No recursion: a trace may be ten thousand spans deep.
import type { Node, Tree } from './tree'

export interface Frame {
  readonly service: string
  readonly name: string
  readonly parent: Frame | undefined
  /** In the order in which the first span of each began. */
  readonly children: readonly Frame[]
  readonly spans: number
  readonly errors: number
  /** Nanoseconds in which the spans ran and none of their children did. */
  readonly self: bigint
  /** `self`, and that of all frames below. */
  readonly time: bigint
  /** Id of the span that took longest. */
  readonly longest: string
}

interface Draft {
  service: string
  name: string
  parent: Draft | undefined
  children: Draft[]
  byName: Map<string, Draft>
  spans: number
  errors: number
  self: bigint
  time: bigint
  longest: string
  longestTime: bigint
}

export function flameOf({ roots }: Pick<Tree, 'roots'>): Frame[] {
  const top: Draft[] = []
  const topByName = new Map<string, Draft>()
  const all: Draft[] = []
  const frameOf = ({ span }: Node, parent: Draft | undefined): Draft => {
    const siblings = parent ? parent.byName : topByName
    const key = JSON.stringify([span.service, span.name])
    const known = siblings.get(key)
    if (known) return known
    const frame: Draft = {
      service: span.service,
      name: span.name,
      parent,
      children: [],
      byName: new Map(),
      spans: 0,
      errors: 0,
      self: 0n,
      time: 0n,
      longest: span.id,
      longestTime: -1n,
    }
    siblings.set(key, frame)
    ;(parent ? parent.children : top).push(frame)
    all.push(frame)
    return frame
  }
  const stack = [...roots].reverse().map(node => ({ node, parent: undefined as Draft | undefined }))
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { span, self, children } = next.node
    const frame = frameOf(next.node, next.parent)
    frame.spans += 1
    frame.self += self
    if (span.status === 'error') frame.errors += 1
    if (span.end - span.start > frame.longestTime) {
      frame.longest = span.id
      frame.longestTime = span.end - span.start
    }
    for (const child of [...children].reverse()) stack.push({ node: child, parent: frame })
  }
  // a frame is made after the frame above it
  for (const frame of all.reverse()) {
    frame.time += frame.self
    if (frame.parent) frame.parent.time += frame.time
  }
  return top
}

export interface PlacedFrame {
  readonly frame: Frame
  /** Rows below the top. */
  readonly depth: number
  /** Of the whole width: 0 to 1. */
  readonly left: number
  readonly width: number
}

/** Of the whole width: a narrower frame can be neither read nor hit. */
const NARROWEST = 1 / 500
const MOST_FRAMES = 800

/**
 * Where the frames stand that can be seen, row by row.
 * @param top frames that share the whole width
 * @returns also how many frames right below a placed one are too narrow, or too many
 */
export function placeFrames(top: readonly Frame[]): {
  readonly placed: readonly PlacedFrame[]
  readonly hidden: number
} {
  const placed: PlacedFrame[] = []
  let hidden = 0
  const whole = Number(top.reduce((sum, { time }) => sum + time, 0n))
  const placeRow = (frames: readonly Frame[], depth: number, from: number) => {
    let left = from
    for (const frame of frames) {
      const width = whole > 0 ? Number(frame.time) / whole : depth === 0 ? 1 / frames.length : 0
      if (width < NARROWEST || placed.length >= MOST_FRAMES) hidden += 1
      else placed.push({ frame, depth, left, width })
      left += width
    }
  }
  placeRow(top, 0, 0)
  for (let at = 0; at < placed.length; at++) {
    const { frame, depth, left } = placed[at]!
    placeRow(frame.children, depth + 1, left)
  }
  return { placed, hidden }
}
