// Where the nodes of the map stand, in layers from left to right: each node is right of whatever calls it, and what calls each other in a circle is cut
// where a walk from the callers meets it again. Within a layer, nodes stand near those that they are connected with (Sugiyama's method, with the median
// heuristic of Eades and Wormald). An edge over several layers takes a lane in each between, which all edges to the same node share. Decision 0063 says why this is ours.

export interface LayoutEdge {
  readonly from: number
  readonly to: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  /** Each node by its index: its column, and how many rows are above it. */
  readonly nodes: readonly Point[]
  /** Where each edge goes, from the node that calls to the one that is called, with a point in each layer between. */
  readonly edges: readonly (readonly Point[])[]
  readonly columns: number
  readonly rows: number
}

const SWEEPS = 8
/** Of a row, what a lane takes. */
const LANE = 0.2

/** @param nodes their number */
export function layoutOf(nodes: number, edges: readonly LayoutEdge[]): Layout {
  const calls = edges.filter(({ from, to }) => from !== to)
  const ahead = forward(nodes, calls)
  const inLayers = layersOf(nodes, ahead)
  const layers = ahead.length < calls.length ? folded(inLayers) : inLayers
  const columns = layers.reduce((most, layer) => Math.max(most, layer + 1), 0)
  /** By column; behind the nodes come the places of edges. */
  const places: number[][] = Array.from({ length: columns }, () => [])
  for (const [node, layer] of layers.entries()) places[layer]!.push(node)
  const neighbours: { before: number[]; after: number[] }[] = Array.from({ length: nodes }, () => ({
    before: [],
    after: [],
  }))
  const lanes = new Map<string, number>()
  const laneIn = (layer: number, to: number, step: number): number => {
    const key = `${layer} ${to} ${step}`
    const known = lanes.get(key)
    if (known !== undefined) return known
    const lane = neighbours.length
    lanes.set(key, lane)
    places[layer]!.push(lane)
    neighbours.push({ before: [], after: [] })
    return lane
  }
  const ways = edges.map(({ from, to }) => {
    const way = [from]
    const step = layers[to]! >= layers[from]! ? 1 : -1
    for (let layer = layers[from]! + step; step * (layers[to]! - layer) > 0; layer += step)
      way.push(laneIn(layer, to, step))
    way.push(to)
    for (let at = 1; at < way.length; at++) {
      const [left, right] = step > 0 ? [way[at - 1]!, way[at]!] : [way[at]!, way[at - 1]!]
      if (left === right || neighbours[left]!.after.includes(right)) continue
      neighbours[left]!.after.push(right)
      neighbours[right]!.before.push(left)
    }
    return way
  })
  order(places, neighbours)
  const heightOf = (place: number) => (place < nodes ? 1 : LANE)
  const heights = places.map(column => column.reduce((sum, place) => sum + heightOf(place), 0))
  const rows = Math.max(0, ...heights)
  const points: Point[] = []
  for (const [x, column] of places.entries()) {
    let top = (rows - heights[x]!) / 2
    for (const place of column) {
      const height = heightOf(place)
      // a line goes through the middle of a lane as it does through that of a node
      points[place] = { x, y: top + (height - 1) / 2 }
      top += height
    }
  }
  return {
    nodes: points.slice(0, nodes),
    edges: ways.map(way => way.map(place => points[place]!)),
    columns,
    rows,
  }
}

/** The edges without those that lead back, found by a walk in depth from the nodes that nobody calls. */
function forward(nodes: number, edges: readonly LayoutEdge[]): LayoutEdge[] {
  const leaving: LayoutEdge[][] = Array.from({ length: nodes }, () => [])
  const called = new Set<number>()
  for (const edge of edges) {
    if (edge.from === edge.to) continue
    leaving[edge.from]!.push(edge)
    called.add(edge.to)
  }
  const all = Array.from({ length: nodes }, (_, node) => node)
  const state = new Map<number, 'open' | 'done'>()
  const kept: LayoutEdge[] = []
  for (const start of [...all.filter(node => !called.has(node)), ...all]) {
    if (state.has(start)) continue
    const stack = [{ node: start, next: 0 }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = leaving[top.node]![top.next++]
      if (!edge) {
        state.set(top.node, 'done')
        stack.pop()
      } else if (state.get(edge.to) !== 'open') {
        kept.push(edge)
        if (!state.has(edge.to)) {
          state.set(edge.to, 'open')
          stack.push({ node: edge.to, next: 0 })
        }
      }
    }
  }
  return kept
}

/** Where many nodes call each other in circles, a walk finds ways through nearly all of them: neighbouring layers then share a column. */
function folded(layers: readonly number[]): number[] {
  const columns = Math.max(...layers) + 1
  const wide = Math.ceil(Math.sqrt(layers.length))
  if (columns <= 2 * wide) return [...layers]
  return layers.map(layer => Math.floor((layer * wide) / columns))
}

/** The longest way to each node. @param edges without a circle */
function layersOf(nodes: number, edges: readonly LayoutEdge[]): number[] {
  const layers = Array.from({ length: nodes }, () => 0)
  const waiting = Array.from({ length: nodes }, () => 0)
  const leaving: number[][] = Array.from({ length: nodes }, () => [])
  for (const { from, to } of edges) {
    leaving[from]!.push(to)
    waiting[to]! += 1
  }
  const ready = layers.flatMap((_, node) => (waiting[node] === 0 ? [node] : []))
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const to of leaving[node]!) {
      layers[to] = Math.max(layers[to]!, layers[node]! + 1)
      waiting[to]! -= 1
      if (waiting[to] === 0) ready.push(to)
    }
  }
  return layers
}

/** Sorts each column by the median place of the neighbours to the left, then to the right, and again; keeps the order with the fewest crossings. */
function order(places: number[][], neighbours: readonly { before: number[]; after: number[] }[]): void {
  let best = places.map(column => [...column])
  let fewest = crossings(places, neighbours)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isRightward = sweep % 2 === 0
    const columns = isRightward ? places : [...places].reverse()
    let positions = new Map<number, number>()
    for (const column of columns) {
      const medians = new Map(
        column.map((place, at) => {
          const beside = neighbours[place]![isRightward ? 'before' : 'after']
          return [place, medianOf(beside.flatMap(one => positions.get(one) ?? [])) ?? at]
        }),
      )
      column.sort((a, b) => medians.get(a)! - medians.get(b)!)
      positions = new Map(column.map((place, at) => [place, at]))
    }
    const now = crossings(places, neighbours)
    if (now >= fewest) continue
    fewest = now
    best = places.map(column => [...column])
  }
  for (const [at, column] of best.entries()) places[at] = column
}

function medianOf(numbers: readonly number[]): number | undefined {
  const inOrder = [...numbers].sort((a, b) => a - b)
  const middle = inOrder.length / 2
  if (inOrder.length === 0) return undefined
  return (inOrder[Math.floor(middle)]! + inOrder[Math.ceil(middle - 1)]!) / 2
}

/** How many pairs of edges cross between two columns that are next to each other. */
function crossings(places: readonly (readonly number[])[], neighbours: readonly { after: number[] }[]): number {
  let crossed = 0
  for (let at = 1; at < places.length; at++) {
    const positions = new Map(places[at]!.map((place, index) => [place, index]))
    const ends: number[] = []
    for (const place of places[at - 1]!) {
      const own = neighbours[place]!.after.flatMap(to => positions.get(to) ?? [])
      for (const end of own) crossed += ends.filter(before => before > end).length
      ends.push(...own)
    }
  }
  return crossed
}
