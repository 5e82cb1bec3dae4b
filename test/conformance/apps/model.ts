// A random ordinary web app: a tree of routes, middleware and mounted routers, which each framework writes down in its own words, and
// requests to it. The same seed gives the same app.
import { Random } from '../../support/random'
import type { Framework } from './framework'
import { patterns } from './patterns'

export interface Route {
  readonly kind: 'route'
  readonly method: string
  readonly paths: readonly string[]
  readonly steps: readonly Step[]
  /** How it is registered, where the framework has several ways. */
  readonly form: number
}
export interface Use {
  readonly kind: 'use'
  readonly paths: readonly string[]
  readonly steps: readonly Step[]
}
export interface Mount {
  readonly kind: 'mount'
  readonly paths: readonly string[]
  readonly form: string
  readonly mergesParameters: boolean
  /** A second place of the same router. */
  readonly also: readonly string[]
  readonly children: readonly Node[]
}
export interface Catch {
  readonly kind: 'catch'
  readonly step: string
}
export type Node = Route | Use | Mount | Catch

/** What one function of the app does: an entry of the framework's tables, with what it throws where it does. */
export interface Step {
  readonly does: 'answer' | 'pass' | 'fail'
  readonly how: string
  readonly error?: string
}

export interface App {
  readonly seed: number
  readonly framework: string
  readonly children: readonly Node[]
  readonly requests: readonly Request[]
}

export interface Request {
  readonly method: string
  readonly path: string
  /** Requests of one turn are sent at once. */
  readonly turn: number
  readonly keepAlive: boolean
  /** Sends the ids of a span above it. */
  readonly hasParent: boolean
  readonly body: boolean
}

/** What an app may throw, as its source says it. */
export const errors: Readonly<Record<string, string>> = {
  error: `new Error('the order is gone')`,
  type: `new TypeError('total is not a number')`,
  named: `Object.assign(new Error('not paid'), { name: 'PaymentError', code: 'E_PAID' })`,
  class: `new (class StockError extends Error {})('out of stock')`,
  cause: `new Error('order failed', { cause: new Error('database is away') })`,
  frozen: `Object.freeze(new Error('cold'))`,
  forbidden: `Object.assign(new Error('not yours'), { status: 403, statusCode: 403, expose: true })`,
  gone: `Object.assign(new Error('no longer here'), { status: 410, statusCode: 410 })`,
  busy: `Object.assign(new Error('come back later'), { status: 503, statusCode: 503 })`,
  odd: `Object.assign(new Error('odd status'), { status: 200, statusCode: 'x' })`,
  coded: `Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })`,
  empty: `new Error()`,
  string: `'a plain word'`,
  number: `42`,
  object: `{ reason: 'an object' }`,
  null: `null`,
  undefined: `undefined`,
}

const methods = ['get', 'get', 'get', 'get', 'post', 'put', 'delete', 'patch', 'all'] as const
const statics = ['/api', '/v1', '/users', '/items', '/health', '/a/b']
const parameters = ['id', 'user', 'two', 'json', 'number', 'optional']
const catching = ['wild', 'any', 'expression', 'ending']

/** @param asks all that answers asks a provider of LLMs first */
export function makeApp(seed: number, framework: Framework, asks = false): App {
  const random = new Random(seed)
  for (let n = 0; n < 4; n++) random.next()
  const can = (name: string) => framework.pattern(patterns(name)) !== undefined
  const pick = (names: readonly string[]) => random.pick(names.filter(can).concat('/api'))
  const prefix = () =>
    random.chance(0.75) ? random.pick(statics.slice(0, 4)) : random.chance(0.5) ? '/' : pick(['tenant'])
  const path = () =>
    random.chance(0.45)
      ? random.pick(statics)
      : random.chance(0.7)
        ? pick(parameters)
        : random.chance(0.7)
          ? pick(catching)
          : '/'
  const several = (one: () => string) =>
    framework.hasPathLists && random.chance(0.12) ? [...new Set([one(), one(), one()])] : [one()]
  const keys = (table: object) => Object.keys(table)

  const error = () =>
    random.chance(0.6)
      ? random.pick(['error', 'type', 'named', 'class', 'forbidden', 'busy'])
      : random.pick(keys(errors))
  const answer = (): Step => ({
    does: 'answer',
    how: asks ? 'self' : random.chance(0.6) ? keys(framework.answers)[0]! : random.pick(keys(framework.answers)),
  })
  const pass = (): Step => ({
    does: 'pass',
    how: random.chance(0.5) ? keys(framework.passes)[0]! : random.pick(keys(framework.passes)),
  })
  const fail = (): Step => ({ does: 'fail', how: random.pick(keys(framework.fails)), error: error() })
  const last = () => (random.chance(0.2) ? fail() : random.chance(0.9) ? answer() : pass())
  const steps = (end: () => Step) => [
    ...Array.from({ length: random.chance(0.25) ? 1 + random.below(2) : 0 }, pass),
    end(),
  ]

  const node = (depth: number): Node => {
    const kind = random.next()
    if (depth < 3 && kind < 0.35 && framework.mounts.length > 0)
      return {
        kind: 'mount',
        paths: several(prefix),
        form: random.pick(framework.mounts),
        mergesParameters: random.chance(0.3),
        also: random.chance(0.1) ? [prefix()] : [],
        children: nodes(depth + 1, 1 + random.below(3)),
      }
    if (kind < 0.5)
      return {
        kind: 'use',
        paths: random.chance(0.5) ? [] : several(prefix),
        steps: steps(() => (random.chance(0.8) ? pass() : last())),
      }
    return {
      kind: 'route',
      method: random.pick(methods),
      paths: several(path),
      steps: steps(last),
      form: random.below(4),
    }
  }
  const nodes = (depth: number, count: number): Node[] => {
    const list = Array.from({ length: count }, () => node(depth))
    if (random.chance(depth === 0 ? 0.5 : 0.15))
      list.push({ kind: 'catch', step: random.pick(keys(framework.catches)) })
    return list
  }
  const children = nodes(0, 2 + random.below(5))
  return { seed, framework: framework.name, children, requests: requestsTo(children, random) }
}

function requestsTo(children: readonly Node[], random: Random): Request[] {
  const places = [...placesOf(children, '', random)]
  const query = () => (random.chance(0.3) ? random.pick(['?', '?a=1', '?q=two+words&n=3', '?next=/users/7']) : '')
  const nowhere = () => random.pick(['/', '/nowhere', '/users/7', '/api', '/api/users', '/%zz', '/a%2Fb'])
  let turn = 0
  return Array.from({ length: 5 + random.below(6) }, () => {
    const place = places.length > 0 && random.chance(0.85) ? random.pick(places) : { method: 'get', path: nowhere() }
    const path = place.path || '/'
    const bent = random.chance(0.12)
      ? random.pick([`${path}/`, path.toUpperCase(), `/${path}`, `${path}/more`, path.replace(/\w(?=\w*$)/, '%41')])
      : path
    const own = place.method === 'all' || random.chance(0.12)
    const method = own
      ? random.pick(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'])
      : place.method.toUpperCase()
    if (random.chance(0.75)) turn++
    const absolute = random.chance(0.02) ? 'http://other.test' : ''
    return {
      method,
      path: `${absolute}${bent}${query()}`,
      turn,
      keepAlive: random.chance(0.5),
      hasParent: random.chance(0.7),
      body: /^P/.test(method) && random.chance(0.5),
    }
  })
}

/** A path for each route, and for some of the middleware. */
function* placesOf(nodes: readonly Node[], above: string, random: Random): Iterable<{ method: string; path: string }> {
  for (const node of nodes) {
    if (node.kind === 'catch') continue
    const samples = node.paths.length > 0 ? node.paths.map(name => random.pick(patterns(name).samples)) : ['']
    for (const sample of samples) {
      const path = `${above}${sample === '/' ? '' : sample}`
      if (node.kind === 'mount') yield* placesOf(node.children, path, random)
      else yield { method: node.kind === 'route' ? node.method : 'get', path: path || '/' }
    }
    if (node.kind === 'mount')
      for (const name of node.also) yield* placesOf(node.children, random.pick(patterns(name).samples), random)
  }
}
