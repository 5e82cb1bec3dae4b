// Traces that are no trouble to send and much to read: values of every type under one name, and trees that are broken.

import { double, type Plain, Raw } from '../../../support/otlp-json'
import type { Random } from '../../../support/random'
import { duration, ms, resources, scopes } from './shared'
import type { Span } from './trace'

/** Under one name: TraceQL never compares types with each other. */
const mixed: readonly Plain[] = [42, double(42), '42', true, 41, double(41.5), 'nil', '', 'Zebra', 'zebra', false, -7]
const bigs: readonly Plain[] = [
  9_007_199_254_740_993n,
  9_007_199_254_740_992n,
  9_223_372_036_854_775_807n,
  -9_223_372_036_854_775_808n,
  0,
]
const floats = [0, 0.1, -0.1, 1, 1.5, 2, 1e-12, 1e15, 123_456.789].map(double)
const texts = [
  'caffè',
  'あいう',
  '日本語のテキスト',
  '🍁',
  'tab\there',
  'line\nbreak',
  'back\\slash',
  '"quoted"',
  'a'.repeat(300),
]
const lists: readonly Plain[] = [
  ['red', 'green'],
  ['red'],
  ['blue', 'green', 'red'],
  [1, 2, 3],
  [3, 4],
  [double(1.5), double(2.5)],
  [true, false],
  [],
]
const unsearchable = [
  new Raw({ bytesValue: 'AAEC/w==' }),
  new Raw({ kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }),
]

export function typed(random: Random, at: number): Span[] {
  const attributes: Record<string, Plain> = {
    mixed: random.pick(mixed),
    int: random.below(20) - 5,
    big: random.pick(bigs),
    double: random.pick(floats),
    flag: random.chance(0.5),
    text: random.pick(texts),
    list: random.pick(lists),
    'weird key': random.pick(['a', 'b']),
    属性: random.pick(['値', '別の値']),
    ...(random.chance(0.5) && { maybe: random.below(4) }),
    ...(random.chance(0.3) && { left: random.below(10), right: random.pick([random.below(10), double(2.5)]) }),
    ...(random.chance(0.1) && { opaque: random.pick(unsearchable) }),
  }
  return [
    {
      resource: random.pick([resources.japanese, resources.shop]),
      scope: scopes.app,
      name: random.pick(['typed', 'Typed', 'typed span', '型付き']),
      at,
      ns: duration(random, 1_000, 100 * ms),
      attributes,
      ...(random.chance(0.1) && { traceState: 'afn=1' }),
    },
    {
      parent: 0,
      resource: resources.shop,
      scope: scopes.app,
      name: 'typed child',
      kind: 3,
      at: at + 10,
      ns: 500,
      attributes: { int: random.below(5), mixed: random.pick(mixed) },
    },
  ]
}

export function nameless(random: Random, at: number): Span[] {
  return [
    { resource: resources.nameless, name: random.pick(['', 'anonymous']), at, ns: 3 * ms },
    { parent: 0, resource: resources.nameless, name: 'step', at: at + ms, ns: ms, attributes: { int: 1 } },
  ]
}

/** The root never comes; below it a tree is whole. */
export function orphan(random: Random, at: number): Span[] {
  const span = (name: string, parent: number | 'lost', more: number): Span => ({
    parent,
    resource: resources.worker,
    name,
    kind: 3,
    at: at + more,
    ns: duration(random, ms, 50 * ms),
    attributes: { orphan: true, int: more },
  })
  return [
    span('lost child', 'lost', 0),
    span('grandchild', 0, 1),
    ...(random.chance(0.5) ? [span('other', 'lost', 2)] : []),
  ]
}

export function twoRoots(_: Random, at: number): Span[] {
  const span = (name: string, more: number, parent?: number): Span => ({
    ...(parent !== undefined && { parent }),
    resource: resources.shop,
    name,
    at: at + more,
    ns: 4 * ms,
    attributes: { 'two.roots': true },
  })
  return [span('root', 0), span('root', 5 * ms), span('leaf', ms, 0), span('leaf', 6 * ms, 1)]
}

/** Deep and wide, for the structural operators. */
export function tree(random: Random, at: number): Span[] {
  const spans: Span[] = []
  const add = (name: string, parent: number | undefined, depth: number): void => {
    const place = spans.length
    spans.push({
      ...(parent !== undefined && { parent }),
      resource: depth % 2 === 0 ? resources.shop : resources.stock,
      scope: scopes.app,
      name,
      kind: 1 + (depth % 3),
      at: at + place * 1_000,
      ns: 10 * ms - depth * ms,
      status: random.chance(0.15) ? 2 : 0,
      attributes: { depth, node: random.pick(['a', 'b', 'c']) },
    })
    if (depth >= 4) return
    const children = depth === 0 ? 2 : random.below(3)
    for (let child = 0; child < children; child += 1) add(random.pick(['left', 'right']), place, depth + 1)
  }
  add('tree', undefined, 0)
  return spans
}

/** Its last span is sent when the others have arrived. */
export function late(random: Random, at: number): Span[] {
  const span = (name: string, more: Partial<Span>): Span => ({
    resource: resources.worker,
    name,
    at,
    ns: 20 * ms,
    attributes: { 'late.trace': true, int: random.below(5) },
    ...more,
  })
  return [
    span('early', {}),
    span('middle', { parent: 0, at: at + ms, ns: 5 * ms }),
    span('late', { parent: 0, at: at + 2 * ms, ns: 3 * ms, status: 2, late: true }),
  ]
}
