// Where the nodes of the map stand. The oracles are properties: of a layered drawing, and the longest ways by trying all of them.
import { describe, expect, it } from 'vitest'
import { type LayoutEdge, layoutOf } from '../../../src/backend/explorer/data/map-layout'
import { Random } from '../../support/random'

const edgesOf = (text: string): LayoutEdge[] =>
  text.split(' ').map(edge => ({ from: edge.codePointAt(0)! - 97, to: edge.codePointAt(1)! - 97 }))

describe('the layout of the map', () => {
  it('has two nodes at one place, or a node that is not right of what calls it', () => {
    const random = new Random(3)
    for (let round = 0; round < 40; round++) {
      const nodes = 2 + random.below(30)
      // no circle: only from smaller to larger numbers
      const edges = Array.from({ length: random.below(60) }, () => {
        const from = random.below(nodes - 1)
        return { from, to: from + 1 + random.below(nodes - from - 1) }
      })
      const layout = layoutOf(nodes, edges)
      expect(new Set(layout.nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes)
      const longest = (node: number): number =>
        Math.max(0, ...edges.filter(({ to }) => to === node).map(({ from }) => 1 + longestWay[from]!))
      const longestWay: number[] = []
      for (let node = 0; node < nodes; node++) longestWay[node] = longest(node)
      expect(layout.nodes.map(({ x }) => x)).toEqual(longestWay)
      for (const [index, way] of layout.edges.entries()) {
        expect([way[0], way.at(-1)]).toEqual([layout.nodes[edges[index]!.from], layout.nodes[edges[index]!.to]])
        expect(way.map(({ x }) => x)).toEqual(way.map((_, at) => way[0]!.x + at))
      }
      for (const { x, y } of layout.nodes) {
        expect(x).toBeLessThan(layout.columns)
        expect(y).toBeLessThan(layout.rows)
      }
    }
  })

  it('crosses lines that need not cross', () => {
    // a and b call two each, given the wrong way round: c and d belong to b
    const { edges } = layoutOf(8, edgesOf('bc bd ae af cg eh'))
    const crossed = edges.flatMap((one, index) =>
      edges.slice(index + 1).filter(other => {
        const [start, end] = [one[0]!, one.at(-1)!]
        const [from, to] = [other[0]!, other.at(-1)!]
        return start.x === from.x && (start.y - from.y) * (end.y - to.y) < 0
      }),
    )
    expect(crossed).toEqual([])
  })

  it('is a strip of layers, or a tower of lanes, where many services call each other in circles', () => {
    const random = new Random(5)
    const edges = Array.from({ length: 290 }, () => ({ from: random.below(28), to: random.below(28) }))
    const { columns, rows, nodes } = layoutOf(28, edges)
    expect(columns).toBeLessThanOrEqual(12)
    expect(rows).toBeLessThanOrEqual(28)
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(28)
  })

  it('never ends where nodes call each other in a circle, or themselves', () => {
    const edges = edgesOf('ab bc ca cc cd de ec')
    const { nodes, columns, edges: ways } = layoutOf(5, edges)
    expect(columns).toBe(5)
    expect(nodes.map(({ x }) => x)).toEqual([0, 1, 2, 3, 4])
    // c calls a: back over the column of b
    expect(ways[2]!.map(({ x }) => x)).toEqual([2, 1, 0])
    expect(layoutOf(0, [])).toMatchObject({ nodes: [], columns: 0, rows: 0 })
  })
})
