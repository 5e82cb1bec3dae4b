// Makes apps smaller for as long as each still has a difference of its class: all ways to leave one thing out run as one batch.
import { compare, type Difference, type Outcomes } from './compare'
import type { App, Node } from './model'
import type { Place } from './run'
import { classOf } from './runner'

/** @param firsts one difference of each class by its name; what has no app stays as it is */
export async function shrink(
  firsts: ReadonlyMap<string, Difference>,
  place: Place,
  runAll: (apps: readonly App[], place: Place) => Promise<Outcomes>,
): Promise<Map<string, Difference>> {
  const best = new Map(firsts)
  const open = new Set([...firsts].filter(([, { app }]) => app).map(([name]) => name))
  for (let round = 0; round < 12 && open.size > 0; round++) {
    const candidates = [...open].flatMap(name => smaller(best.get(name)!.app!).slice(0, 40))
    const { differences } =
      candidates.length > 0 ? compare(candidates, await runAll(candidates, place)) : { differences: [] }
    for (const name of open) {
      const before = best.get(name)!
      const [next] = differences
        .filter(one => one.app?.seed === before.app!.seed && classOf(one) === name && size(one.app) < size(before.app!))
        .sort((a, b) => size(a.app!) - size(b.app!))
      if (next) best.set(name, next)
      else open.delete(name)
    }
  }
  return best
}

const size = (app: App) => JSON.stringify([app.children, app.requests]).length

function smaller(app: App): App[] {
  const { requests, children } = app
  return [
    // one request alone is the greatest step
    ...(requests.length > 1 ? requests.map(one => ({ ...app, requests: [one] })) : []),
    ...withoutOne(children).map(fewer => ({ ...app, children: fewer })),
  ]
}

function withoutOne(nodes: readonly Node[]): Node[][] {
  return nodes.flatMap((node, at) => {
    const replaced = (...by: Node[]) => [...nodes.slice(0, at), ...by, ...nodes.slice(at + 1)]
    const inner: Node[] = []
    if (node.kind === 'mount') {
      inner.push(...withoutOne(node.children).map(children => ({ ...node, children })))
      if (node.also.length > 0) inner.push({ ...node, also: [] })
      if (node.form !== 'router') inner.push({ ...node, form: 'router' })
    }
    if ((node.kind === 'route' || node.kind === 'use') && node.steps.length > 1)
      inner.push(...node.steps.map((_, n) => ({ ...node, steps: node.steps.filter((_, m) => m !== n) })))
    if (node.kind !== 'catch' && node.paths.length > 1)
      inner.push(...node.paths.map((_, n) => ({ ...node, paths: node.paths.filter((_, m) => m !== n) })))
    return [replaced(), ...inner.map(one => replaced(one))]
  })
}
