// Which characters of a text a redactor changed, whatever it writes in their place. Lines first, then tokens within the
// lines that differ, so that a long document with few changes costs little.

/** A run of Latin letters and digits, or any other character alone (scripts without spaces stay fine-grained). */
const TOKEN = /[A-Za-z0-9]+|[\s\S]/gu
const LINE = /[^\n]*\n|[^\n]+$/g
/** Beyond this many edits two passages have nothing in common, and the passage counts as changed. */
const MOST_EDITS = 4000

/**
 * The furthest that each diagonal gets with 0, 1, 2 … edits, as Myers, "An O(ND) difference algorithm and its variations"
 * (1986), has it; the row of n edits starts at diagonal -n - 1.
 * @param {readonly string[]} before @param {readonly string[]} after
 * @returns {Int32Array[] | undefined} undefined where too many edits are needed
 */
function trace(before, after) {
  const most = Math.min(before.length + after.length, MOST_EDITS)
  const reach = new Int32Array(2 * most + 3)
  const rows = []
  const centre = most + 1
  for (let edit = 0; edit <= most; edit++) {
    rows.push(reach.slice(centre - edit - 1, centre + edit + 2))
    for (let k = -edit; k <= edit; k += 2) {
      const left = reach[centre + k - 1] ?? 0
      const right = reach[centre + k + 1] ?? 0
      let x = k === -edit || (k !== edit && left < right) ? right : left + 1
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++
      reach[centre + k] = x
      if (x >= before.length && x - k >= after.length) return rows
    }
  }
  return undefined
}

/**
 * @param {readonly string[]} before @param {readonly string[]} after
 * @returns {[beforeFrom: number, beforeTo: number, afterFrom: number, afterTo: number][]} the places that differ, in order
 */
function edits(before, after) {
  const rows = trace(before, after)
  if (rows === undefined) return [[0, before.length, 0, after.length]]
  /** @type {[number, number, number, number][]} */
  const hunks = []
  let [x, y] = [before.length, after.length]
  for (let edit = rows.length - 1; edit > 0; edit--) {
    const at = /** @param {number} k */ k => rows[edit]?.[k + edit + 1] ?? 0
    const k = x - y
    const down = k === -edit || (k !== edit && at(k - 1) < at(k + 1))
    const from = down ? k + 1 : k - 1
    const fromX = at(from)
    const fromY = fromX - from
    // The edit itself lies before the run of equal tokens that follows it.
    const [toX, toY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY]
    const last = hunks.at(-1)
    if (last && last[0] === toX && last[2] === toY) {
      last[0] = fromX
      last[2] = fromY
    } else hunks.push([fromX, toX, fromY, toY])
    x = fromX
    y = fromY
  }
  return hunks.reverse()
}

/** @param {readonly string[]} parts */
function offsets(parts) {
  const all = [0]
  for (const part of parts) all.push(/** @type {number} */ (all.at(-1)) + part.length)
  return all
}

/**
 * @param {string} before @param {string} after @param {RegExp} part
 * @returns {[number, number, number, number][]} in characters
 */
function by(before, after, part) {
  const [one, two] = [before.match(part) ?? [], after.match(part) ?? []]
  const [from, to] = [offsets(one), offsets(two)]
  const at = /** @param {number[]} list @param {number} index */ (list, index) => list[index] ?? 0
  return edits(one, two).map(([a, b, c, d]) => [at(from, a), at(from, b), at(to, c), at(to, d)])
}

/**
 * The parts of `before` that `after` does not have, in order: `start` is `end` where something was only put in.
 * @param {string} before @param {string} after
 * @returns {{ start: number, end: number }[]}
 */
export function changes(before, after) {
  if (before === after) return []
  const regions = []
  for (const [a, b, c, d] of by(before, after, LINE)) {
    const [was, is] = [before.slice(a, b), after.slice(c, d)]
    for (const [start, end, from, to] of by(was, is, TOKEN)) {
      const [gone, put] = [was.slice(start, end), is.slice(from, to)]
      const most = Math.min(gone.length, put.length)
      let head = 0
      while (head < most && gone[head] === put[head]) head++
      let tail = 0
      while (tail < most - head && gone.at(-1 - tail) === put.at(-1 - tail)) tail++
      regions.push({ start: a + start + head, end: a + end - tail })
    }
  }
  // What was only put in, directly before something that was replaced, is a part of the replacement.
  return regions.filter(({ start, end }, index) => {
    const next = regions[index + 1]
    return start < end || next === undefined || next.start - end > 2
  })
}
